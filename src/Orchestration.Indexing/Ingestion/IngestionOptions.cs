using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Orchestration.Indexing.Chunking;
using Orchestration.Indexing.Semantics;

namespace Orchestration.Indexing.Ingestion;

/// <summary>How documents are worked off.</summary>
internal sealed class IngestionOptions
{
    public const string SectionName = "Ingestion";

    /// <summary>
    /// Model or alias that embeds a collection whose embedder is not pinned yet; <c>local/latent-semantic</c> is the space of the
    /// collection's own statistics, which needs no model and costs nothing.
    /// </summary>
    [Required]
    public string EmbeddingModel { get; set; } = LatentSpace.Model;

    /// <summary>Most tokens of one chunk, estimated.</summary>
    [Range(ChunkSettings.Least, ChunkSettings.Most)]
    public int ChunkTokens { get; set; } = ChunkSettings.Usual;

    /// <summary>Most texts in one embedding call.</summary>
    [Range(1, 2048)]
    public int EmbeddingBatch { get; set; } = 64;

    /// <summary>Workers that index documents side by side.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 2;

    /// <summary>How long a worker may hold a document without a word before another one takes it over; longer than one embedding call may last.</summary>
    [Range(typeof(TimeSpan), "00:01:30", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How often the queue is looked at when nothing wakes the workers.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Tries before a document counts as failed.</summary>
    [Range(1, 100)]
    public int MaxTries { get; set; } = 8;
}

[OptionsValidator]
internal sealed partial class IngestionOptionsValidator : IValidateOptions<IngestionOptions>;
