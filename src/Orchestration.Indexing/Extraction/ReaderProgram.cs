using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestration.Indexing.Extraction;

/// <summary>What a reading process is told: one line of JSON, followed by the file.</summary>
internal sealed record ReaderTask(SourceFormat Format, string Name, string MediaType, ExtractionOptions Limits);

/// <summary>What a reading process answers.</summary>
internal sealed record ReaderAnswer(string? Text, string? Title, string? Code, string? Reason);

[JsonSerializable(typeof(ReaderTask))]
[JsonSerializable(typeof(ReaderAnswer))]
internal sealed partial class ReaderJsonContext : JsonSerializerContext;

/// <summary>
/// The process that reads one file and ends (<c>read-file</c>): it has a heap of limited size, no settings and no secrets of the service,
/// and what a file does to it happens to nobody else.
/// </summary>
internal static class ReaderProgram
{
    public const string Verb = "read-file";

    public static async Task<int> RunAsync()
    {
        await using var input = Console.OpenStandardInput();
        using var received = new MemoryStream();
        await input.CopyToAsync(received);
        var bytes = received.ToArray();
        var end = Array.IndexOf(bytes, (byte)'\n');
        var task = JsonSerializer.Deserialize(bytes.AsSpan(0, end), ReaderJsonContext.Default.ReaderTask)!;

        // Nobody ends this process when the service was killed.
        using var watch = new Timer(_ => Environment.Exit(1), null, task.Limits.Timeout + TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        var result = FileReading.Read(new SourceFile(bytes[(end + 1)..], task.Name, task.MediaType), task.Format, task.Limits, CancellationToken.None);
        var answer = result is ExtractionResult.Extracted extracted
            ? new ReaderAnswer(extracted.Text, extracted.Title, null, null)
            : result is ExtractionResult.Unreadable unreadable ? new ReaderAnswer(null, null, unreadable.Code, unreadable.Reason) : null;
        await using var output = Console.OpenStandardOutput();
        await JsonSerializer.SerializeAsync(output, answer!, ReaderJsonContext.Default.ReaderAnswer);
        return 0;
    }
}
