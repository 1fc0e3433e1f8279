namespace LbTcp.Tests.EndToEnd.Harness;

/// <summary>What backends do with a connection.</summary>
internal static class Behaviours
{
    /// <summary>Sends back what it gets, up to the end of the stream.</summary>
    public static async Task EchoAsync(TestConnection connection)
    {
        byte[] buffer = new byte[64 * 1024];
        for (int count; (count = await connection.ReceiveSomeAsync(buffer)) > 0;)
            await connection.SendAsync(buffer.AsMemory(0, count));
        connection.FinishSending();
    }

    /// <summary>Reads to the end and answers nothing, as a program that hangs.</summary>
    public static Task HangAsync(TestConnection connection) => connection.ReceiveToEndAsync();

    /// <summary>Reads to the end, then sends <paramref name="text"/>.</summary>
    public static Func<TestConnection, Task> Answer(string text) => async connection =>
    {
        await connection.ReceiveToEndAsync();
        await connection.SendAsync(text);
    };

    /// <summary>Sends <paramref name="text"/> first, then reads to the end.</summary>
    public static Func<TestConnection, Task> Banner(string text) => async connection =>
    {
        await connection.SendAsync(text);
        await connection.ReceiveToEndAsync();
    };
}
