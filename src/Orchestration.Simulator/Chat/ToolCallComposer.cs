using System.Buffers;
using System.Text;
using System.Text.Json;
using Orchestration.Simulator.Vendors;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Chat;

/// <summary>Decides whether tools are called, which, and with what arguments.</summary>
internal static class ToolCallComposer
{
    private const int MostCalls = 4;

    private static readonly string[] AsksForTools = ["use the tool", "use a tool", "call the", "call a tool", "使用工具", "调用"];
    private static readonly string[] AsksForSeveral = ["parallel", "both", "at the same time", "并行", "同时"];

    public static IReadOnlyList<AnswerToolCall> Compose(ChatRequest request, Vendor vendor, ref StableRandom random)
    {
        var calls = new List<AnswerToolCall>();
        foreach (var tool in Choose(request))
        {
            var id = AnswerIds.ToolCall(vendor.Wire.CallId, ref random, calls.Count, tool.Name);
            calls.Add(new AnswerToolCall(id, tool.Name, vendor.Tokens.Split(Sample(tool.Parameters, $"sample {calls.Count + 1}"))));
        }
        return calls;
    }

    /// <summary>A JSON text that fits a schema.</summary>
    public static string Sample(JsonElement schema, string text)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return "{}";
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
            new SchemaSample(schema, text).Write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static List<OfferedTool> Choose(ChatRequest request)
    {
        var (tools, forced, allowed, parallel) = request.Tools;
        if (!allowed || tools.Count == 0)
            return [];
        if (forced is { Length: > 0 })
            return [.. tools.Where(tool => tool.Name == forced).Take(1)];
        if (forced is null && request.Conversation.EndsWithToolResult)
            return [];
        var prompt = request.Conversation.LastUserText;
        var named = tools.Where(tool => Names(prompt, tool.Name)).Take(MostCalls).ToList();
        if (named.Count == 0)
        {
            if (forced is null && !Mentions(prompt, AsksForTools))
                return [];
            named.Add(tools[0]);
        }
        if (!parallel)
            return named[..1];
        if (named.Count == 1 && Mentions(prompt, AsksForSeveral))
            named.Add(tools.Count > 1 ? tools.First(tool => tool != named[0]) : named[0]);
        return named;
    }

    /// <summary>A prompt names a tool by its name or by all the words of its name: "get the weather" names get_weather.</summary>
    private static bool Names(string prompt, string tool) =>
        prompt.Contains(tool, StringComparison.OrdinalIgnoreCase)
        || tool.Split('_', StringSplitOptions.RemoveEmptyEntries) is { Length: > 1 } words
        && words.All(word => prompt.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static bool Mentions(string prompt, string[] phrases) =>
        phrases.Any(phrase => prompt.Contains(phrase, StringComparison.OrdinalIgnoreCase));
}
