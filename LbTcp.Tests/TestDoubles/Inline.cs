namespace LbTcp.Tests.TestDoubles;

/// <summary>Runs code as the data path does, with continuations where the completions are, not in the test runner's context.</summary>
internal static class Inline
{
    public static Task Run(Func<Task> body)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return body();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
