using System.Text;
using Microsoft.Extensions.Options;
using Orchestration.Indexing.Extraction;

namespace Orchestration.Indexing.Tests.Extraction;

/// <summary>Files through the reader as the service has it, with processes of its own.</summary>
internal static class Reading
{
    public static Task<ExtractionResult> ReadAsync(byte[] bytes, string name, string mediaType = "", ExtractionOptions? limits = null)
    {
        var options = Options.Create(limits ?? new ExtractionOptions());
        var extraction = new TextExtraction(new ReaderProcess(options, TimeProvider.System), options);
        return extraction.ExtractAsync(new SourceFile(bytes, name, mediaType), TestContext.Current.CancellationToken);
    }

    public static async Task<string> TextAsync(byte[] bytes, string name, string mediaType = "") =>
        (await ReadAsync(bytes, name, mediaType)).ShouldBeOfType<ExtractionResult.Extracted>().Text;

    public static Task<string> TextAsync(string content, string name, string mediaType = "") => TextAsync(Encoding.UTF8.GetBytes(content), name, mediaType);
}
