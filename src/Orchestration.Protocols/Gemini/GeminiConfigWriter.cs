using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Gemini;

/// <summary>Writes <c>generationConfig</c>.</summary>
internal sealed class GeminiConfigWriter(Utf8JsonWriter writer, ChatRequest request, GeminiRequestTarget target, EncodingWarnings warnings, ExtraMembers extra)
{
    private const int MaxStops = 5;
    private const int MaxCandidates = 8;

    private static readonly string[] Known =
    [
        "temperature", "topP", "topK", "maxOutputTokens", "candidateCount", "stopSequences", "seed", "presencePenalty", "frequencyPenalty",
        "responseLogprobs", "logprobs", "responseMimeType", "responseSchema", "responseJsonSchema", "thinkingConfig",
    ];

    private readonly ExtraMembers _own = extra.Nested("generationConfig");
    private int? _maxOutput;

    public void Write(bool hasTools)
    {
        writer.WriteStartObject("generationConfig");
        WriteSampling();
        WriteLimits();
        WriteFormat(hasTools);
        new GeminiThinkingWriter(writer, target.Rule, warnings, _maxOutput).Write(request.Reasoning, _own.Nested("thinkingConfig"));
        _own.Write(writer, Known);
        writer.WriteEndObject();
    }

    private bool Takes(string member)
    {
        if (!target.UnsupportedMembers.Contains(member))
            return true;
        warnings.Dropped(member, $"The provider does not take '{member}'.");
        return false;
    }

    private void WriteSampling()
    {
        if (request.Sampling is not { } sampling)
            return;

        WriteNumber("temperature", "temperature", sampling.HasTemperature, sampling.Temperature);
        WriteNumber("top_p", "topP", sampling.HasTopP, sampling.TopP);
        WriteTopK(sampling);
        WriteNumber("frequency_penalty", "frequencyPenalty", sampling.HasFrequencyPenalty, sampling.FrequencyPenalty);
        WriteNumber("presence_penalty", "presencePenalty", sampling.HasPresencePenalty, sampling.PresencePenalty);
        WriteSeed(sampling);
        if (sampling.LogitBias.Count > 0)
            warnings.Dropped("logit_bias", "The provider does not take 'logit_bias'.");
    }

    private void WriteNumber(string member, string name, bool given, double value)
    {
        if (!given)
            return;
        // JSON has no form for it.
        if (!double.IsFinite(value))
            warnings.Dropped(member, $"'{member}' is not a finite number.");
        else if (Takes(member))
            writer.WriteNumber(name, value);
    }

    private void WriteTopK(Sampling sampling)
    {
        if (!sampling.HasTopK)
            return;
        if (sampling.TopK < 1)
            warnings.Dropped("top_k", "The provider takes no 'top_k' below 1.");
        else if (Takes("top_k"))
            writer.WriteNumber("topK", sampling.TopK);
    }

    private void WriteSeed(Sampling sampling)
    {
        if (!sampling.HasSeed)
            return;
        if (sampling.Seed is < int.MinValue or > int.MaxValue)
            warnings.Dropped("seed", "The provider takes seeds of 32 bits only.");
        else if (Takes("seed"))
            writer.WriteNumber("seed", sampling.Seed);
    }

    private void WriteLimits()
    {
        var max = request.HasMaxOutputTokens ? request.MaxOutputTokens : target.DefaultMaxOutputTokens;
        if (!request.HasMaxOutputTokens && max is not null)
            warnings.Add("default_max_output", "maxOutputTokens", $"No output limit was given; {max} tokens were sent.");
        if (max > target.MaxOutputTokens)
        {
            warnings.Clamped("maxOutputTokens", $"The model's output limit is {target.MaxOutputTokens} tokens; {max} were asked for.");
            max = target.MaxOutputTokens;
        }

        _maxOutput = max;
        if (max is { } tokens)
            writer.WriteNumber("maxOutputTokens", tokens);
        WriteStops();
        WriteCandidates();
        if (request.LogProbabilities is not { Enabled: true } probabilities || !Takes("logprobs"))
            return;
        writer.WriteBoolean("responseLogprobs", true);
        if (probabilities.TopCount > 0)
            writer.WriteNumber("logprobs", probabilities.TopCount);
    }

    private void WriteStops()
    {
        if (request.Stop.Count == 0 || !Takes("stop"))
            return;
        if (request.Stop.Count > MaxStops)
            warnings.Clamped("stop", $"The provider takes {MaxStops} stop sequences; the first {MaxStops} were sent.");
        writer.WriteStartArray("stopSequences");
        foreach (var stop in request.Stop.Take(MaxStops))
            writer.WriteStringValue(stop);
        writer.WriteEndArray();
    }

    private void WriteCandidates()
    {
        if (request.ChoiceCount <= 1 || !Takes("n"))
            return;
        if (request.ChoiceCount > MaxCandidates)
            warnings.Clamped("n", $"The provider gives at most {MaxCandidates} answers.");
        writer.WriteNumber("candidateCount", CandidatesOf(request));
    }

    /// <summary>Number of answers that are asked for.</summary>
    public static int CandidatesOf(ChatRequest request) => Math.Clamp(request.ChoiceCount, 1, MaxCandidates);

    private void WriteFormat(bool hasTools)
    {
        if (request.ResponseFormat is not { Kind: ResponseFormatKind.JsonObject or ResponseFormatKind.JsonSchema } format)
        {
            // Other types than JSON, such as text/x.enum, have no canonical form.
            if (_own.TryGet("responseMimeType", out var type))
                JsonWriting.WriteJson(writer, "responseMimeType", type.GetRawText());
            if (_own.TryGet("responseSchema", out var schema))
                JsonWriting.WriteJson(writer, "responseSchema", schema.GetRawText());
            return;
        }

        if (hasTools && !target.Rule.FormatWithTools)
        {
            warnings.Dropped("response_format", "The model cannot be held to a shape while it has tools.");
            return;
        }

        if (!Takes("response_format"))
            return;
        writer.WriteString("responseMimeType", "application/json");
        if (format.Kind != ResponseFormatKind.JsonSchema || format.Schema.Length == 0)
            return;
        if (format.SchemaDescription.Length > 0)
            warnings.Dropped("response_format.json_schema.description", "The provider does not take a description of the shape.");
        if (target.Rule.JsonSchema)
            JsonWriting.WriteJson(writer, "responseJsonSchema", format.Schema);
        else
            GeminiSchema.Write(writer, "responseSchema", format.Schema, "response_format.json_schema.schema", warnings);
    }
}
