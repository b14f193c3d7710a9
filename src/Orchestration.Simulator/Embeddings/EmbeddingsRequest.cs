using System.Text.Json;
using Orchestration.Simulator.Chat;

namespace Orchestration.Simulator.Embeddings;

/// <summary>What the simulator needs to know of an embeddings request.</summary>
internal sealed record EmbeddingsRequest(string Model, IReadOnlyList<string> Inputs, int? GivenTokens, bool Base64, int? Dimensions)
{
    private const int MostInputs = 2048;
    private const int MostDimensions = 16_384;

    /// <summary>The request, or the name of the member that is missing or wrong.</summary>
    public static (EmbeddingsRequest? Request, string? Wrong) Read(JsonElement root)
    {
        if (root.Text("model") is not { Length: > 0 } model)
            return (null, "model");
        if (root.Number("dimensions") is < 1 or > MostDimensions)
            return (null, "dimensions");
        if (root.Text("encoding_format") is not (null or "float" or "base64"))
            return (null, "encoding_format");
        int? tokens = null;
        var inputs = ReadInputs(root.Member("input") ?? default, ref tokens);
        return inputs.Count is 0 or > MostInputs
            ? (null, "input")
            : (new EmbeddingsRequest(model, inputs, tokens, root.Text("encoding_format") == "base64", root.Number("dimensions")), null);
    }

    private static List<string> ReadInputs(JsonElement input, ref int? tokens)
    {
        if (input.ValueKind == JsonValueKind.String)
            return [input.GetString() ?? ""];
        if (input.ValueKind != JsonValueKind.Array || input.GetArrayLength() == 0)
            return [];
        switch (input[0].ValueKind)
        {
            case JsonValueKind.String when input.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                return [.. input.EnumerateArray().Select(item => item.GetString() ?? "")];
            case JsonValueKind.Number:
                tokens = input.GetArrayLength();
                return [input.GetRawText()];
            case JsonValueKind.Array when input.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Array):
                tokens = input.EnumerateArray().Sum(item => item.GetArrayLength());
                return [.. input.EnumerateArray().Select(item => item.GetRawText())];
            default:
                return [];
        }
    }
}
