namespace LbTcp.Configuration.Settings;

/// <summary>The settings of <see cref="ForwardingOptions"/>.</summary>
internal static class ForwardingSettings
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>The time limit of a connection attempt.</summary>
    public static Setting<TimeSpan> ConnectTimeout { get; } = new(
        "connect_timeout", new DurationForm(_shortest), TimeSpan.FromSeconds(5), "maximum duration of a connection attempt to a backend")
    {
        Example = "3s",
    };

    /// <summary>Further backends to try.</summary>
    public static Setting<int> Retries { get; } = new(
        "retries", new WholeNumberForm(0, 1000), 3, "maximum number of further, distinct backends to try when one cannot be reached")
    {
        Example = "1",
    };

    /// <summary>The silence of a dial after which another backend is dialled beside it.</summary>
    public static Setting<TimeSpan> HedgeAfter { get; } = new(
        "hedge_after", new DurationForm(_shortest, "disables hedging"), TimeSpan.FromMilliseconds(250),
        "time without an answer after which a further backend is dialled beside the first; the first to answer is used; "
        + "never less than three times what the backend usually takes")
    { Example = "100ms" };

    /// <summary>The time limit of a wait for a slot.</summary>
    public static Setting<TimeSpan> QueueTimeout { get; } = new(
        "queue_timeout", new DurationForm(_shortest), TimeSpan.FromSeconds(5),
        "maximum time for which a client is queued while every backend is at its max_connections")
    { Example = "2s" };

    /// <summary>The length of the queue; the default is Envoy's for pending requests.</summary>
    public static Setting<int> MaxQueue { get; } = new(
        "max_queue", new WholeNumberForm(0, 1_000_000, "disables queueing"), 1024, "maximum number of queued clients")
    { Example = "200" };

    /// <summary>The action when no backend is healthy.</summary>
    public static Setting<WhenAllDown> WhenAllDown { get; } = new(
        "when_all_down",
        new ChoiceForm<WhenAllDown>(
            ("reset", Configuration.WhenAllDown.Reset),
            ("close", Configuration.WhenAllDown.Close),
            ("try-any", Configuration.WhenAllDown.TryAny)),
        Configuration.WhenAllDown.Reset,
        "action when no backend is healthy: reset the client, close its connection in order, or try any backend")
    { Example = "close" };

    /// <summary>The action on the connections of a backend that goes down.</summary>
    public static Setting<OnDown> OnDown { get; } = new(
        "on_down",
        new ChoiceForm<OnDown>(("keep", Configuration.OnDown.Keep), ("close", Configuration.OnDown.Close)),
        Configuration.OnDown.Keep,
        "action on the open connections of a backend that goes down: keep or reset them")
    { Example = "close" };

    /// <summary>The action on the connections of a backend that is removed.</summary>
    public static Setting<OnRemoved> OnRemoved { get; } = new(
        "on_removed",
        new ChoiceForm<OnRemoved>(("drain", Configuration.OnRemoved.Drain), ("close", Configuration.OnRemoved.Close)),
        Configuration.OnRemoved.Drain,
        "action on the open connections of a backend that a reload removes: let them finish or reset them")
    { Example = "close" };

    /// <summary>The time over which those are reset.</summary>
    public static Setting<TimeSpan> CloseSpread { get; } = new(
        "close_spread", new DurationForm(_shortest, "resets all at once"), TimeSpan.FromSeconds(5),
        "time over which --on-down close and --on-removed close spread the resets, so that not all clients reconnect at once")
    {
        Example = "30s",
    };

    /// <summary>The time limit of silence.</summary>
    public static Setting<TimeSpan> IdleTimeout { get; } = new(
        "idle_timeout", new DurationForm(_shortest, "disables the timeout"), TimeSpan.FromHours(1),
        "time without a byte in either direction, or without progress of a direction that has bytes to deliver, "
        + "after which a connection is ended")
    { Example = "10m" };

    /// <summary>The time limit of the first byte from the backend.</summary>
    public static Setting<TimeSpan> FirstByteTimeout { get; } = new(
        "first_byte_timeout", new DurationForm(_shortest, "disables the timeout"), TimeSpan.Zero,
        "time after which a connection is reset whose backend sends nothing although bytes of the client were passed on to it")
    { Example = "5s" };

    /// <summary>The least rate of a client.</summary>
    public static Setting<long> MinRate { get; } = new(
        "min_rate", new ByteRateForm("disables the limit"), 0,
        "rate below which a client is ended that neither takes the bytes that wait for it nor sends any")
    { Example = "500B/s" };

    /// <summary>The time limit of silence after one side has finished.</summary>
    public static Setting<TimeSpan> HalfCloseTimeout { get; } = new(
        "half_close_timeout", new DurationForm(_shortest), TimeSpan.FromSeconds(30),
        "time without a byte after which a connection is ended once one side has finished sending")
    { Example = "5m" };

    /// <summary>Whether clients reconnect.</summary>
    public static Setting<bool> Reconnectable { get; } = new(
        "reconnectable", Switch.Form, false,
        "whether clients reconnect by themselves when their connection is reset, as pools of connections do; "
        + "a rebalance closes idle connections of such services only")
    { Example = "on" };

    /// <summary>Which ended connections are logged.</summary>
    public static Setting<AccessLog> AccessLog { get; } = new(
        "access_log", new AccessLogForm(), Configuration.AccessLog.On,
        "one log line per ended connection: of all, of none, of those that did not complete, or of those and one of N others")
    { Example = "sample=1/100" };
}
