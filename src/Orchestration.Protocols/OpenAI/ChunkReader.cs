using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Reads one chunk, or one whole answer, of an OpenAI-compatible provider.</summary>
internal sealed class ChunkReader(AnswerState answer, OpenAIStreamOptions options)
{
    private const int MaxChoices = 1_024;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = JsonDocuments.MaxDepth };

    private readonly DeltaReader _deltas = new(answer, options);
    private readonly List<ChoiceState> _finishedNow = [];

    /// <summary>Reads one document and appends what it means; the failure when it is an error or breaks the protocol. Then nothing of it counts.</summary>
    public Failure? Read(ReadOnlySpan<byte> data, bool isWhole, List<ChatEvent> events)
    {
        var before = events.Count;
        _finishedNow.Clear();
        var failure = ReadOrFail(JsonText.Repair(data), isWhole, events);
        if (failure is null)
            return null;

        events.RemoveRange(before, events.Count - before);
        foreach (var choice in _finishedNow)
            choice.RawFinish = null;
        return failure;
    }

    private Failure? ReadOrFail(ReadOnlySpan<byte> data, bool isWhole, List<ChatEvent> events)
    {
        try
        {
            var reader = new Utf8JsonReader(data, ReaderOptions);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return ProviderFailures.Protocol("The provider's answer is not a JSON object.");

            var failure = ReadRoot(ref reader, data, isWhole, events, out var maybeError);
            if (maybeError && OpenAIErrorDecoder.FindInBand(data, options.Errors) is { } inBand)
                return inBand;
            // Reading on refuses a second document or garbage behind the first.
            return failure ?? (reader.Read() ? ProviderFailures.Protocol("The provider's answer holds more than one document.") : null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return ProviderFailures.Protocol("The provider's answer is not valid JSON.");
        }
    }

    private Failure? ReadRoot(ref Utf8JsonReader reader, ReadOnlySpan<byte> data, bool isWhole, List<ChatEvent> events, out bool maybeError)
    {
        maybeError = false;
        Failure? failure = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader;
            reader.Read();
            if (name.ValueTextEquals("choices"u8))
                failure ??= ReadChoices(ref reader, data, isWhole, events);
            else if (name.ValueTextEquals("usage"u8))
                ReadUsage(ref reader);
            else if (name.ValueTextEquals("x_groq"u8))
                ReadNestedUsage(ref reader);
            else if (IsErrorMember(ref name, ref reader))
                maybeError = true;
            else
                ReadFacts(ref name, ref reader);
            reader.Skip();
        }

        return failure;
    }

    private static bool IsErrorMember(ref Utf8JsonReader name, ref Utf8JsonReader value)
    {
        var isName = name.ValueTextEquals("error"u8) || name.ValueTextEquals("base_resp"u8) || name.ValueTextEquals("error_code"u8)
            || name.ValueTextEquals("error_msg"u8) || name.ValueTextEquals("code"u8) || name.ValueTextEquals("errors"u8)
            || name.ValueTextEquals("Response"u8);
        return isName && value.TokenType != JsonTokenType.Null && !(value.TokenType == JsonTokenType.Number && value.ValueSpan.SequenceEqual("0"u8));
    }

    private void ReadFacts(ref Utf8JsonReader name, ref Utf8JsonReader value)
    {
        var reported = answer.Reported;
        if (value.TokenType == JsonTokenType.String)
        {
            if (reported.ProviderResponseId.Length == 0 && name.ValueTextEquals("id"u8))
                reported.ProviderResponseId = value.GetString();
            else if (reported.ReportedModel.Length == 0 && name.ValueTextEquals("model"u8))
                reported.ReportedModel = value.GetString();
            else if (reported.SystemFingerprint.Length == 0 && name.ValueTextEquals("system_fingerprint"u8))
                reported.SystemFingerprint = value.GetString();
            else if (name.ValueTextEquals("service_tier"u8) && !value.ValueTextEquals(reported.ServiceTier))
                reported.ServiceTier = value.GetString();
        }
        else if (reported.CreatedAt is null && value.TokenType == JsonTokenType.Number && name.ValueTextEquals("created"u8)
            && value.TryGetInt64(out var seconds) && seconds is > 0 and < 100_000_000_000)
        {
            reported.CreatedAt = new Timestamp { Seconds = seconds };
        }
    }

    private void ReadUsage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
            answer.Report(UsageCounts.Read(ref reader));
    }

    // Groq reports once more, beside its own id; for some models only there.
    private void ReadNestedUsage(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = reader.ValueTextEquals("usage"u8);
            reader.Read();
            if (isUsage)
                ReadUsage(ref reader);
            reader.Skip();
        }
    }

    private Failure? ReadChoices(ref Utf8JsonReader reader, ReadOnlySpan<byte> data, bool isWhole, List<ChatEvent> events)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return null;

        Failure? failure = null;
        for (var position = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; position++)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                failure ??= ReadChoice(ref reader, data, position, isWhole, events);
            reader.Skip();
        }

        return failure;
    }

    // The index and the log probabilities may stand behind the delta, so the delta is read when the whole choice was seen.
    private Failure? ReadChoice(ref Utf8JsonReader reader, ReadOnlySpan<byte> data, int position, bool isWhole, List<ChatEvent> events)
    {
        var members = new ChoiceMembers { Index = position };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader;
            reader.Read();
            ReadChoiceMember(ref name, ref reader, data, ref members);
            reader.Skip();
        }

        if (members.Index is < 0 or >= MaxChoices)
            return ProviderFailures.Protocol("The provider's answer holds an impossible choice index.");

        var choice = answer.Choice(members.Index);
        foreach (var (otherName, json) in members.Others ?? [])
            choice.SetOther(otherName, json);

        // Some providers end a stream with the whole answer once more.
        if (members.HasBody && !(members.IsMessage && !isWhole && choice.HasParts))
        {
            if (_deltas.Read(ref members.Body, data, choice, members.LogProbabilities, isWhole || members.IsMessage, events) is { } failure)
                return failure;
        }

        var finish = members.Finish is "" or "null" ? null : members.Finish;
        if (finish is null && isWhole)
            finish = "";
        return finish is null ? null : End(choice, finish);
    }

    private Failure? End(ChoiceState choice, string finish)
    {
        if (FinishReasons.FailureOf(finish) is { } failure)
            return failure;
        if (choice.RawFinish is null)
            _finishedNow.Add(choice);
        choice.RawFinish = finish;
        return null;
    }

    private void ReadChoiceMember(ref Utf8JsonReader name, ref Utf8JsonReader value, ReadOnlySpan<byte> data, ref ChoiceMembers members)
    {
        var isDelta = name.ValueTextEquals("delta"u8);
        if (isDelta || name.ValueTextEquals("message"u8))
        {
            if (value.TokenType != JsonTokenType.StartObject || (members.HasBody && !isDelta))
                return;
            members.Body = value;
            members.HasBody = true;
            members.IsMessage = !isDelta;
        }
        else if (name.ValueTextEquals("index"u8))
        {
            if (value.TokenType == JsonTokenType.Number)
                members.Index = value.TryGetInt32(out var index) ? index : -1;
        }
        else if (name.ValueTextEquals("finish_reason"u8))
        {
            members.Finish = value.TokenType == JsonTokenType.String ? value.GetString() : null;
        }
        else if (name.ValueTextEquals("usage"u8))
        {
            ReadUsage(ref value);
        }
        else if (value.TokenType != JsonTokenType.Null)
        {
            if (name.ValueTextEquals("logprobs"u8))
                members.LogProbabilities = RawText.At(ref value, data);
            else
                (members.Others ??= []).Add((name.GetString()!, RawText.At(ref value, data)));
        }
    }

    private ref struct ChoiceMembers()
    {
        public int Index;
        public Utf8JsonReader Body;
        public bool HasBody;
        public bool IsMessage;
        public string? Finish;
        public string LogProbabilities = "";
        public List<(string Name, string Json)>? Others;
    }
}
