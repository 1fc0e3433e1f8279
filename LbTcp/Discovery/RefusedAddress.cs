using System.Net;

namespace LbTcp.Discovery;

/// <summary>An address that is not used as a backend.</summary>
/// <param name="EndPoint">The address.</param>
/// <param name="Line">Host and port of the line that has it.</param>
/// <param name="Owner">Host and port of the earlier line that has it as well; null if this process listens on it.</param>
internal sealed record RefusedAddress(EndPoint EndPoint, string Line, string? Owner);
