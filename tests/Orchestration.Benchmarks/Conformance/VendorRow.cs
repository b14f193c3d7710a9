using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>One line of the table: a vendor in one protocol, its models, and what it has not.</summary>
internal sealed record VendorRow
{
    private static readonly JsonSerializerOptions Reading = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Name of the line.</summary>
    public required string Row { get; init; }

    /// <summary>Id of the vendor; absent when it is the line's name.</summary>
    public string? Vendor { get; init; }

    public Protocol Protocol { get; init; } = Protocol.OpenaiChat;

    /// <summary>What follows the vendor's name in the simulator's address.</summary>
    public string Base { get; init; } = "v1";

    /// <summary>The chat model; empty for a vendor without chat.</summary>
    public string Model { get; init; } = "";

    public string? Reasoning { get; init; }

    /// <summary>True for a vendor that bills reasoning and does not show it.</summary>
    public bool HiddenReasoning { get; init; }

    /// <summary>True for a relay whose reports are compared with an estimate.</summary>
    public bool Untrusted { get; init; }

    /// <summary>The model for formats; absent when it is the chat model.</summary>
    public string? Format { get; init; }

    public string? Image { get; init; }

    public string? Embeddings { get; init; }

    public string? Rerank { get; init; }

    /// <summary>What the vendor has not, and how that is known.</summary>
    public IReadOnlyDictionary<string, string> None { get; init; } = new Dictionary<string, string>();

    /// <summary>Answers of the vendor to what goes wrong, word by word, where the simulator's own are told by status only.</summary>
    public IReadOnlyDictionary<string, ErrorBody> Errors { get; init; } = new Dictionary<string, ErrorBody>();

    public string Provider => Vendor ?? Row;

    public static IReadOnlyList<VendorRow> All() =>
        JsonSerializer.Deserialize<List<VendorRow>>(System.IO.File.ReadAllBytes(Path.Combine(RepositoryRoot.Path, "tests/Orchestration.Benchmarks/Conformance/vendors.json")), Reading)!;
}

/// <summary>An error as the vendor words it.</summary>
internal sealed record ErrorBody(int Status, JsonNode Body);
