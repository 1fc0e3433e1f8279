using System.Net;

namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>One row of the <see cref="TcpTable"/>.</summary>
/// <param name="Local">This end.</param>
/// <param name="Remote">The other end.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Unacknowledged">Bytes sent that the other end's system has not taken.</param>
/// <param name="Inode">Names the socket among a process's descriptors; "0" when no process holds it any more.</param>
internal readonly record struct TcpSocket(IPEndPoint Local, IPEndPoint Remote, TcpState State, long Unacknowledged, string Inode);
