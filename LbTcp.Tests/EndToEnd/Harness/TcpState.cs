namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>The kernel's numbers for what a TCP socket is doing (include/net/tcp_states.h).</summary>
internal enum TcpState
{
    Established = 1,
    SynSent,
    SynReceived,
    FinWait1,
    FinWait2,
    TimeWait,
    Close,
    CloseWait,
    LastAck,
    Listen,
    Closing,
    NewSynReceived,
}
