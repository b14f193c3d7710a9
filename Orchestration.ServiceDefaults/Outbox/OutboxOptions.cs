using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.ServiceDefaults.Outbox;

/// <summary>Where undelivered ledger events are kept, and how many.</summary>
public sealed class OutboxOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string SectionName = "Outbox";

    /// <summary>Folder on a local disk that outlives the process; replicas on one machine share it.</summary>
    [Required]
    public string Directory { get; set; } = "";

    /// <summary>
    /// Name before the slot number in the batches; the service's name when empty. Replicas with folders of their own need one
    /// each, since two slots must never bear one name.
    /// </summary>
    public string Instance { get; set; } = "";

    /// <summary>Undelivered events from which on new work is refused. Events that end admitted work are still taken.</summary>
    [Range(1, 100_000_000)]
    public int MaxPendingEvents { get; set; } = 1_000_000;

    /// <summary>Largest size of a spool file; at the limit events that end work wait until the relay has made room.</summary>
    [Range(1_048_576, long.MaxValue)]
    public long MaxFileBytes { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>How long the relay gathers events after the first of a quiet time.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// How long it gathers after a batch that was not full: each batch costs a round trip, a message and a transaction, however few its
    /// events are. The ledger lags by this much under load.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan Pace { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a publish may wait for the broker's confirmation; afterwards its outcome is unknown and it is repeated.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the folder is searched for what dead processes left.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan AdoptionInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stopping process tries to deliver; what remains stays on disk.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ShutdownFlush { get; set; } = TimeSpan.FromSeconds(2);
}

[OptionsValidator]
internal sealed partial class OutboxOptionsValidator : IValidateOptions<OutboxOptions>;
