using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Indexing.Extraction;

/// <summary>What reading one file may cost.</summary>
internal sealed class ExtractionOptions
{
    public const string SectionName = "Extraction";

    /// <summary>Largest file.</summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int MaxFileBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>Most characters (UTF-16 code units) of text of one document.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxTextCharacters { get; set; } = 2_000_000;

    /// <summary>Most pages of a PDF.</summary>
    [Range(1, 100_000)]
    public int MaxPages { get; set; } = 5_000;

    /// <summary>Most parts of an Office file.</summary>
    [Range(8, 1_000_000)]
    public int MaxArchiveEntries { get; set; } = 10_000;

    /// <summary>Most bytes of an Office file when unpacked.</summary>
    [Range(1024, 2_000_000_000)]
    public int MaxExpandedBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>Most times that an Office file may grow when unpacked; the first 16 MiB are free.</summary>
    [Range(2, 10_000)]
    public int MaxExpansion { get; set; } = 200;

    /// <summary>Longest time for one file; shorter than the shortest lease of a worker.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:15")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Most memory of the process that reads one HTML, PDF or Office file.</summary>
    [Range(64, 8_192)]
    public int MaxMemoryMegabytes { get; set; } = 512;
}

[OptionsValidator]
internal sealed partial class ExtractionOptionsValidator : IValidateOptions<ExtractionOptions>;
