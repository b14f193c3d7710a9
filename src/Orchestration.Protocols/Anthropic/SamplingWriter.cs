using System.Text.Json;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Writes the sampling parameters that the model takes and warns of those that it does not.</summary>
internal sealed class SamplingWriter(Utf8JsonWriter writer, EncodingContext context)
{
    private const double LeastTopPWhileThinking = 0.95;

    public void Write()
    {
        if (context.Request.Sampling is { } sampling)
        {
            var hasTemperature = WriteTemperature(sampling);
            WriteTopP(sampling, hasTemperature);
            if (sampling.HasTopK && Takes("top_k", context.Rules.Sampling != AnthropicSampling.None && !context.Thinking.IsOn) && sampling.TopK > 0)
                writer.WriteNumber("top_k", sampling.TopK);
            DropUnknown("frequency_penalty", sampling.HasFrequencyPenalty && sampling.FrequencyPenalty != 0);
            DropUnknown("presence_penalty", sampling.HasPresencePenalty && sampling.PresencePenalty != 0);
            DropUnknown("seed", sampling.HasSeed);
            DropUnknown("logit_bias", sampling.LogitBias.Count > 0);
        }

        DropUnknown("logprobs", context.Request.LogProbabilities is { Enabled: true });
        DropUnknown("n", context.Request.ChoiceCount > 1);
    }

    private bool WriteTemperature(Sampling sampling)
    {
        // 1 is the provider's own default.
        if (!sampling.HasTemperature || !IsFinite("temperature", sampling.Temperature))
            return false;
        if (context.Rules.Sampling == AnthropicSampling.None || context.Thinking.IsOn)
            return sampling.Temperature != 1 && Takes("temperature", false);

        if (sampling.Temperature > 1)
            context.Clamped("temperature", "The provider takes a temperature of 1 at most.");
        writer.WriteNumber("temperature", Math.Clamp(sampling.Temperature, 0, 1));
        return true;
    }

    private void WriteTopP(Sampling sampling, bool hasTemperature)
    {
        if (!sampling.HasTopP || !IsFinite("top_p", sampling.TopP))
            return;
        var isTaken = context.Rules.Sampling switch
        {
            AnthropicSampling.None => false,
            AnthropicSampling.One when hasTemperature => false,
            _ => !context.Thinking.IsOn || sampling.TopP >= LeastTopPWhileThinking,
        };
        // 1 cuts nothing off, so leaving it out changes nothing.
        if (!isTaken && sampling.TopP == 1)
            return;
        if (Takes("top_p", isTaken))
            writer.WriteNumber("top_p", sampling.TopP);
    }

    private void DropUnknown(string member, bool given)
    {
        if (given)
            Takes(member, false);
    }

    private bool IsFinite(string member, double value) => double.IsFinite(value) || Takes(member, false);

    private bool Takes(string member, bool isTaken)
    {
        if (!isTaken)
            context.Dropped(member, $"The provider does not take '{member}' here.");
        return isTaken;
    }
}
