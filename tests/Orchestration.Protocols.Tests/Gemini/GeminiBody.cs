using System.Text.Json.Nodes;

namespace Orchestration.Protocols.Tests.Gemini;

/// <summary>Reads a generateContent body by the provider's rules, and complains where the provider would.</summary>
internal sealed class GeminiBody
{
    private readonly List<JsonObject> _pending = [];

    private GeminiBody(JsonObject root) => Root = root;

    public JsonObject Root { get; }

    /// <summary>What was said, called and answered, one line each.</summary>
    public List<string> Lines { get; } = [];

    public static GeminiBody Read(ReadOnlyMemory<byte> body)
    {
        var read = new GeminiBody(JsonNode.Parse(body.Span)!.AsObject());
        foreach (var part in read.Root["systemInstruction"]?["parts"]?.AsArray() ?? [])
            read.Lines.Add($"system {part!["text"]}");
        var last = "";
        foreach (var content in read.Root["contents"]!.AsArray())
        {
            var role = content!["role"]!.GetValue<string>();
            role.ShouldNotBe(last, "sides alternate");
            if (last.Length == 0)
                role.ShouldBe("user", "the user begins");
            read.ReadContent(role, content["parts"]!.AsArray());
            last = role;
        }

        return read;
    }

    public IEnumerable<string> Declarations() =>
        from tool in Root["tools"]?.AsArray() ?? []
        from declaration in tool!["functionDeclarations"]!.AsArray()
        select $"{declaration!["name"]} {declaration["description"]} {declaration["parametersJsonSchema"]?.ToJsonString()}";

    private void ReadContent(string role, JsonArray parts)
    {
        parts.Count.ShouldBeGreaterThan(0, "a content has parts");
        var responses = parts.Count(part => part!["functionResponse"] is not null);
        if (role == "user")
            responses.ShouldBe(_pending.Count, "as many results as calls");
        var calls = new List<JsonObject>();
        foreach (var part in parts.Select(part => part!.AsObject()))
        {
            if (part["functionCall"] is JsonObject call)
            {
                calls.Add(call);
                Lines.Add($"call {call["id"]} {call["name"]} {call["args"]!.AsObject().ToJsonString()} {part["thoughtSignature"]}".TrimEnd());
            }
            else if (part["functionResponse"] is JsonObject response)
            {
                ReadResponse(response);
            }
            else
            {
                part["text"]!.GetValue<string>().Length.ShouldBeGreaterThan(part["thoughtSignature"] is null ? 0 : -1, "no empty texts");
                Lines.Add($"{role} {part["text"]} {part["thoughtSignature"]}".TrimEnd());
            }
        }

        _pending.Clear();
        _pending.AddRange(calls);
    }

    private void ReadResponse(JsonObject response)
    {
        var name = response["name"]!.GetValue<string>();
        var id = response["id"]?.GetValue<string>();
        _pending.ShouldContain(call => call["name"]!.GetValue<string>() == name && (id == null || call["id"]!.GetValue<string>() == id), "a result names its tool");
        var value = response["response"]!.AsObject();
        var text = value.Count == 1 && value["result"] is JsonValue result ? result.GetValue<string>()
            : value.Count == 1 && value["error"] is JsonValue error ? "error " + error.GetValue<string>()
            : value.ToJsonString();
        Lines.Add($"result {id} {name} {text}");
    }
}
