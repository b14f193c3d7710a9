using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestration.Contracts.Messages;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.ServiceDefaults.Tests.Outbox;

using Outbox = Orchestration.ServiceDefaults.Outbox.Outbox;

internal static class TestOutbox
{
    public static string NewDirectory() => Directory.CreateTempSubdirectory("orchestration-outbox-").FullName;

    /// <summary>An outbox whose first event has been delivered, so that a test sees its own events only.</summary>
    public static Outbox Open(string directory, int limit = 1_000_000, long maxFileBytes = 1L << 30, ILogger<Outbox>? logger = null, TimeProvider? clock = null)
    {
        var outbox = OpenAsItIs(directory, limit, maxFileBytes, logger, clock);
        if (outbox.FirstSequence is { } first)
        {
            outbox.Slot.Writer.SubmitAsync(new RemoveWork(first, first)).GetAwaiter().GetResult();
            outbox.Delivered(1);
        }

        return outbox;
    }

    public static Outbox OpenAsItIs(string directory, int limit = 1_000_000, long maxFileBytes = 1L << 30, ILogger<Outbox>? logger = null, TimeProvider? clock = null) => new(
        new OutboxOptions { Directory = directory, MaxPendingEvents = limit, MaxFileBytes = maxFileBytes },
        new ServiceInfo("probe", "1"),
        clock ?? TimeProvider.System,
        logger ?? NullLogger<Outbox>.Instance);

    public static LedgerEvent Completed() => Event(nameof(AttemptCompleted));

    public static LedgerEvent Admitted() => Event(nameof(RequestAdmitted));

    public static async Task AppendAsync(this Outbox outbox, int count)
    {
        for (var index = 0; index < count; index++)
        {
            await outbox.AppendAsync(Completed(), TestContext.Current.CancellationToken);
        }
    }

    private static LedgerEvent Event(string type) => new()
    {
        EventId = Guid.CreateVersion7(),
        Type = type,
        PayloadVersion = 1,
        OccurredAt = TimeProvider.System.GetUtcNow(),
        Payload = """{"note":"\"quoted\" 引用"}""",
    };
}
