using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.Ollama;

/// <summary>Writes <c>options</c>.</summary>
internal sealed class OllamaOptionsWriter(Utf8JsonWriter writer, ChatRequest request, OllamaRequestTarget target, EncodingWarnings warnings)
{
    private static readonly string[] Known = ["num_predict", "temperature", "top_p", "top_k", "seed", "stop", "frequency_penalty", "presence_penalty", "num_ctx"];

    public void Write(ExtraMembers extra)
    {
        writer.WriteStartObject("options");
        WriteSampling();
        WriteLimits(extra);
        extra.Write(writer, Known);
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

        WriteNumber("temperature", sampling.HasTemperature, sampling.Temperature);
        WriteNumber("top_p", sampling.HasTopP, sampling.TopP);
        WriteNumber("frequency_penalty", sampling.HasFrequencyPenalty, sampling.FrequencyPenalty);
        WriteNumber("presence_penalty", sampling.HasPresencePenalty, sampling.PresencePenalty);
        // Here 0 means all tokens, which other protocols write as -1.
        if (sampling.HasTopK && Takes("top_k"))
            writer.WriteNumber("top_k", Math.Max(0, sampling.TopK));
        if (sampling.HasSeed && Takes("seed"))
            writer.WriteNumber("seed", sampling.Seed);
        if (sampling.LogitBias.Count > 0)
            warnings.Dropped("logit_bias", "The provider does not take 'logit_bias'.");
    }

    private void WriteNumber(string member, bool given, double value)
    {
        if (!given)
            return;
        // JSON has no form for it.
        if (!double.IsFinite(value))
            warnings.Dropped(member, $"'{member}' is not a finite number.");
        else if (Takes(member))
            writer.WriteNumber(member, value);
    }

    private void WriteLimits(ExtraMembers extra)
    {
        var max = request.HasMaxOutputTokens ? request.MaxOutputTokens : target.DefaultMaxOutputTokens;
        if (!request.HasMaxOutputTokens && max is not null)
            warnings.Add("default_max_output", "num_predict", $"No output limit was given; {max} tokens were sent.");
        if (max > target.MaxOutputTokens)
        {
            warnings.Clamped("num_predict", $"The model's output limit is {target.MaxOutputTokens} tokens; {max} were asked for.");
            max = target.MaxOutputTokens;
        }

        if (max is { } tokens)
            writer.WriteNumber("num_predict", tokens);
        if (extra.TryGet("num_ctx", out var own))
            JsonWriting.WriteJson(writer, "num_ctx", own.GetRawText());
        else if (target.ContextWindow is { } window)
            writer.WriteNumber("num_ctx", window);
        if (request.Stop.Count == 0 || !Takes("stop"))
            return;
        writer.WriteStartArray("stop");
        foreach (var stop in request.Stop)
            writer.WriteStringValue(stop);
        writer.WriteEndArray();
    }
}
