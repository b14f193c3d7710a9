using System.Globalization;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>Golden files of a vendor; the test projects run them.</summary>
internal static class GoldenFiles
{
    private static readonly string Tests = Path.Combine(RepositoryRoot.Path, "tests", "Orchestration.Protocols.Tests");

    /// <summary>How many there are by hand; "in code" for a protocol of one vendor, whose samples stand in its tests.</summary>
    public static string Of(VendorRow row)
    {
        var folder = Path.Combine(Tests, "Vendors", "Golden", row.Row);
        if (Directory.Exists(folder))
            return Directory.GetFiles(folder, "*.golden").Length.ToString(CultureInfo.InvariantCulture);
        var own = row.Protocol switch
        {
            Protocol.AnthropicMessages => "Anthropic",
            Protocol.Gemini => "Gemini",
            Protocol.Ollama => "Ollama",
            Protocol.OpenaiResponses => "Responses",
            _ => "Rerank",
        };
        return Directory.Exists(Path.Combine(Tests, own)) ? "in code" : "none";
    }
}
