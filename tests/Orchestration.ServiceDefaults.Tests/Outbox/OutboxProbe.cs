using System.Runtime.CompilerServices;

namespace Orchestration.ServiceDefaults.Tests.Outbox;

/// <summary>
/// The same assembly as a process that appends until it is killed: started with the folder in a variable, it prints the id of
/// each event after its append has completed.
/// </summary>
internal static class OutboxProbe
{
    public const string Variable = "ORCHESTRATION_OUTBOX_PROBE";

#pragma warning disable CA2255 // The entry point of a test assembly is generated; this runs before it.
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } directory)
        {
            AppendForEver(directory);
        }
    }

    private static void AppendForEver(string directory)
    {
        var outbox = TestOutbox.Open(directory);
        var console = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        Parallel.For(0, 8, _ =>
        {
            while (true)
            {
                var ledgerEvent = TestOutbox.Completed();
                outbox.AppendAsync(ledgerEvent, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                console.WriteLine(ledgerEvent.EventId);
            }
        });
    }
}
