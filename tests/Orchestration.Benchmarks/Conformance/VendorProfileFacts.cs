using System.Text.Json;
using Orchestration.Benchmarks.Running;
using Orchestration.Contracts.Chat.V1;
using File = System.IO.File;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>What a vendor's profile says of itself.</summary>
/// <param name="Proof">How far it is proven.</param>
/// <param name="ResponseFormat">The strictest format of its answers.</param>
internal sealed record VendorProfileFacts(string Proof, string ResponseFormat)
{
    private static readonly string Folder = Path.Combine(Build.Folder("Orchestration.Providers"), "Profiles");

    /// <summary>True when Providers speaks a protocol; a missing one is told as such, never made up.</summary>
    public static bool Speaks(Protocol protocol) => protocol != Protocol.OpenaiResponses
        || File.Exists(Path.Combine(Build.Folder("Orchestration.Providers"), "Dialects", "ResponsesDialect.cs"));

    /// <summary>The facts of a vendor; null when it has no profile.</summary>
    public static VendorProfileFacts? Of(string vendor)
    {
        var path = Path.Combine(Folder, vendor + ".json");
        if (!File.Exists(path))
            return null;
        using var profile = JsonDocument.Parse(File.ReadAllBytes(path));
        var proof = "simulator";
        if (profile.RootElement.TryGetProperty("proof", out var proven))
        {
            proof = proven.GetProperty("status").GetString()!;
            if (proven.TryGetProperty("date", out var date))
                proof += " " + date.GetString();
        }
        var format = profile.RootElement.TryGetProperty("chat", out var chat) && chat.TryGetProperty("responseFormat", out var named) ? named.GetString()! : "json_schema";
        return new VendorProfileFacts(proof, format);
    }
}
