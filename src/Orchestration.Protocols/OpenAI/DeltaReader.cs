using System.Text;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Reads the delta or the message of a choice and turns it into part events.</summary>
internal sealed class DeltaReader(AnswerState answer, OpenAIStreamOptions options)
{
    // Mistral writes a stray index into deltas.
    private static readonly byte[][] AlwaysIgnored = ["role"u8.ToArray(), "index"u8.ToArray()];

    private readonly byte[][] _ignored = options.IgnoredMembers.Count == 0 ? AlwaysIgnored : [.. AlwaysIgnored, .. options.IgnoredMembers.Select(Encoding.UTF8.GetBytes)];

    private List<ChatEvent> _events = [];

    public Failure? Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> data, ChoiceState choice, string logProbabilities, bool isWhole, List<ChatEvent> events)
    {
        _events = events;
        var members = new DeltaMembers();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader;
            reader.Read();
            ReadMember(ref name, ref reader, data, choice, ref members);
            reader.Skip();
        }

        if (members.HasDetails && members.Reasoning.Length == 0)
            members.Reasoning = choice.Details.Add(ref members.Details);
        if (choice.Inline is { } inline && members.Text.Length > 0)
            SplitInline(inline, ref members);

        // Reasoning comes before the text that it leads to, whatever the order of the members.
        var kind = KindOfFacts(ref members);
        var extensions = members.Others.ToString();
        Add(choice, PartKind.Reasoning, members.Reasoning, kind, logProbabilities, extensions);
        Add(choice, PartKind.Text, members.Text, kind, logProbabilities, extensions);
        Add(choice, PartKind.Refusal, members.Refusal, kind, logProbabilities, extensions);
        return members.HasToolCalls ? ReadToolCalls(ref members.ToolCalls, data, choice, isWhole) : null;
    }

    private static void SplitInline(InlineThinking inline, ref DeltaMembers members)
    {
        var (reasoning, text) = inline.Add(members.Text);
        members.Reasoning += reasoning;
        members.Text = text;
    }

    private void Add(ChoiceState choice, PartKind kind, string text, PartKind kindOfFacts, string logProbabilities, string extensions)
    {
        var hasFacts = kind == kindOfFacts && (logProbabilities.Length > 0 || extensions.Length > 0);
        if (text.Length == 0 && !hasFacts)
            return;

        answer.OutputSize += TextMeasure.Measure(text);
        choice.AddText(kind, text, hasFacts ? logProbabilities : "", hasFacts ? extensions : "", _events);
    }

    // Log probabilities and unknown members go with the visible text if there is any, so that they open no part of their own.
    private static PartKind KindOfFacts(ref DeltaMembers members)
    {
        if (members.Text.Length > 0)
            return PartKind.Text;
        if (members.Refusal.Length > 0)
            return PartKind.Refusal;
        return members.Reasoning.Length > 0 ? PartKind.Reasoning : PartKind.Text;
    }

    private void ReadMember(ref Utf8JsonReader name, ref Utf8JsonReader value, ReadOnlySpan<byte> data, ChoiceState choice, ref DeltaMembers members)
    {
        if (name.ValueTextEquals("content"u8))
        {
            ReadContent(ref value, choice, ref members);
        }
        else if (name.ValueTextEquals("reasoning_content"u8) || (name.ValueTextEquals("reasoning"u8) && value.TokenType is JsonTokenType.String or JsonTokenType.Null))
        {
            // Relays send the same text under both names.
            if (value.TokenType == JsonTokenType.String && members.Reasoning.Length == 0)
                members.Reasoning = JsonText.Read(ref value, ref choice.PendingReasoning);
        }
        else if (name.ValueTextEquals("refusal"u8))
        {
            if (value.TokenType == JsonTokenType.String)
                members.Refusal = JsonText.Read(ref value, ref choice.PendingRefusal);
        }
        else if (name.ValueTextEquals("tool_calls"u8) || name.ValueTextEquals("function_call"u8))
        {
            if (value.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
                return;
            members.ToolCalls = value;
            members.HasToolCalls = true;
        }
        else if (value.TokenType != JsonTokenType.Null && !IsIgnored(ref name))
        {
            if (value.TokenType == JsonTokenType.StartArray && name.ValueTextEquals("reasoning_details"u8))
            {
                members.Details = value;
                members.HasDetails = true;
            }

            members.Others.Add(name.GetString()!, RawText.At(ref value, data));
        }
    }

    private bool IsIgnored(ref Utf8JsonReader name)
    {
        foreach (var ignored in _ignored)
        {
            if (name.ValueTextEquals(ignored))
                return true;
        }

        return false;
    }

    private static void ReadContent(ref Utf8JsonReader value, ChoiceState choice, ref DeltaMembers members)
    {
        if (value.TokenType == JsonTokenType.String)
        {
            members.Text = JsonText.Read(ref value, ref choice.PendingText);
            return;
        }

        if (value.TokenType != JsonTokenType.StartArray)
            return;

        using var document = JsonDocument.ParseValue(ref value);
        foreach (var part in document.RootElement.EnumerateArray())
        {
            members.Text += TextOf(part, "text");
            members.Reasoning += TextOf(part, "thinking");
        }
    }

    // Some providers send a list of parts: {"type":"text","text"} and {"type":"thinking","thinking":[{"type":"text","text"}]}.
    private static string TextOf(JsonElement part, string member)
    {
        if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty(member, out var value))
            return "";
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() ?? "",
            JsonValueKind.Array => string.Concat(value.EnumerateArray().Select(inner => TextOf(inner, "text"))),
            _ => "",
        };
    }

    private Failure? ReadToolCalls(ref Utf8JsonReader reader, ReadOnlySpan<byte> data, ChoiceState choice, bool isWhole)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
            return ReadToolCall(ref reader, data, choice, 0, isWhole);

        Failure? failure = null;
        for (var position = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; position++)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                failure ??= ReadToolCall(ref reader, data, choice, position, isWhole);
            else
                reader.Skip();
        }

        return failure;
    }

    private Failure? ReadToolCall(ref Utf8JsonReader reader, ReadOnlySpan<byte> data, ChoiceState choice, int position, bool isWhole)
    {
        var delta = ToolCallDelta.Read(ref reader, data);
        if (choice.AddToolCall(ref delta, position, isWhole, _events) is not { } size)
            return ProviderFailures.Protocol("The provider's answer holds too many tool calls.");

        answer.OutputSize += size;
        return null;
    }

    private ref struct DeltaMembers()
    {
        public string Text = "";
        public string Reasoning = "";
        public string Refusal = "";
        public Utf8JsonReader ToolCalls;
        public bool HasToolCalls;
        public Utf8JsonReader Details;
        public bool HasDetails;
        public JsonBag Others;
    }
}
