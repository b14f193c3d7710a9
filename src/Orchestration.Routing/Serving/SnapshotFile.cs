using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Prices;

namespace Orchestration.Routing.Serving;

/// <summary>The last state that was good, on disk: read when the database is away at start.</summary>
internal sealed partial class SnapshotFile(IOptions<RoutingOptions> options, ILogger<SnapshotFile> logger)
{
    private const string FileName = "last-known-good.json";
    private string? _written;

    private string? Path => options.Value.DataDirectory is { Length: > 0 } directory ? System.IO.Path.Combine(directory, FileName) : null;

    /// <summary>The state, or null when there is none or the file is damaged.</summary>
    public Snapshot? Read()
    {
        if (Path is not { } path || !File.Exists(path)) return null;
        try
        {
            var text = File.ReadAllText(path);
            var end = text.IndexOf('\n', StringComparison.Ordinal);
            if (end > 0 && text[..end] == ChecksumOf(text[(end + 1)..]))
                return JsonSerializer.Deserialize<Snapshot>(text[(end + 1)..], CatalogueJson.Options);
            Log.Damaged(logger, path, "its checksum is wrong");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            Log.Damaged(logger, path, exception.Message);
        }

        return null;
    }

    /// <summary>Replaces the state whole; a reader sees the old one or the new one. Failing to write is not a reason to stop serving.</summary>
    public void Write(Snapshot snapshot)
    {
        if (Path is not { } path) return;
        var body = JsonSerializer.Serialize(snapshot, CatalogueJson.Options);
        if (body == _written) return;
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            var temporary = $"{path}.{Environment.ProcessId}.tmp";
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                file.Write(Encoding.UTF8.GetBytes($"{ChecksumOf(body)}\n{body}"));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            _written = body;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotWritten(logger, path, exception.Message);
        }
    }

    private static string ChecksumOf(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The last known good state {Path} cannot be used: {Reason}")]
        public static partial void Damaged(ILogger logger, string path, string reason);

        [LoggerMessage(LogLevel.Warning, "The last known good state {Path} was not written: {Reason}")]
        public static partial void NotWritten(ILogger logger, string path, string reason);
    }
}

/// <summary>What a route table is made of, apart from the process's own settings.</summary>
internal sealed record Snapshot
{
    public required string PolicyVersion { get; init; }
    public required string PolicyYaml { get; init; }
    public required IReadOnlyList<CatalogueFile> Catalogue { get; init; }

    /// <summary>Overlays by tenant, YAML; null when there are none.</summary>
    public IReadOnlyDictionary<string, string>? Overlays { get; init; }

    /// <summary>"provider|region" of each credential; null when Providers was never heard.</summary>
    public IReadOnlyList<string>? Vendors { get; init; }

    /// <summary>Exchange rates and terms of tenants; null when nothing is stored.</summary>
    public CommercialTerms? Terms { get; init; }

    public PolicyTexts Texts() => new(PolicyYaml, Overlays ?? new Dictionary<string, string>());
}
