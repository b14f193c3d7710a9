using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Metrics.Tracing;

/// <summary>Bounds of the trace store. When one is reached, the traces that arrived first go.</summary>
internal sealed class TraceStoreOptions
{
    public const string SectionName = "TraceStore";

    /// <summary>Most spans in memory.</summary>
    [Range(1, 5_000_000)]
    public int MaxSpans { get; set; } = 50_000;

    /// <summary>Most bytes in memory, estimated.</summary>
    [Range(1L, 8L << 30)]
    public long MaxBytes { get; set; } = 64L << 20;

    /// <summary>Most spans of one trace; later ones are dropped and counted.</summary>
    [Range(1, 100_000)]
    public int MaxSpansPerTrace { get; set; } = 2_000;
}

[OptionsValidator]
internal sealed partial class TraceStoreOptionsValidator : IValidateOptions<TraceStoreOptions>;
