using System.Collections.Concurrent;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols;

namespace Orchestration.Providers.Execution;

/// <summary>What every provider's tokenizers were seen to do. Per replica, in memory: a few dozen answers teach it again.</summary>
internal sealed class TokenLearning
{
    private const int MostModels = 4096;
    private readonly ConcurrentDictionary<(string Provider, string Model, bool Simulated), TokenEstimates> _models = new();

    /// <summary>The estimates of a deployment's model.</summary>
    public TokenEstimates For(Deployment deployment)
    {
        var key = (deployment.Provider, deployment.Model, deployment.Simulated);
        if (_models.TryGetValue(key, out var known)) return known;
        return _models.Count < MostModels
            ? _models.GetOrAdd(key, static k => new TokenEstimates(k.Model))
            : new TokenEstimates(deployment.Model);
    }
}

/// <summary>
/// Estimates of one provider's model. Prompts and answers are learned apart, because a prompt is framed by templates; an answer of a model
/// whose reports always hold hidden reasoning is estimated by what its prompts taught.
/// </summary>
internal sealed class TokenEstimates(string model)
{
    private const int Enough = 8;
    private const int ShortestTokens = 32;
    private readonly TokenFactors _prompt = new();
    private readonly TokenFactors _output = new();

    /// <summary>Tokens of a whole prompt; null while too little is known to be better than the caller's own estimate.</summary>
    public long? OfPrompt(TextSize prompt) =>
        _prompt.Observations >= Enough && prompt.Images == 0 && TextOf(prompt).Bytes > 0 ? WholeTokens(_prompt, prompt) : null;

    /// <summary>Tokens of generated text.</summary>
    public long OfOutput(TextSize output) => WholeTokens(_output.Observations >= Enough || _prompt.Observations < Enough ? _output : _prompt, output);

    /// <summary>Learns from an answer whose usage the provider reported and nobody doubts.</summary>
    public void Learn(TextSize prompt, TextSize output, Usage reported, bool reasoned)
    {
        var input = reported.TotalInput() - Framing(prompt);
        if (prompt.Images == 0 && reported.AudioInputTokens == 0 && Teaches(prompt, input)) _prompt.Learn(TextOf(prompt), model, input);
        // Reasoning may be shown in part, in summary or not at all: its tokens do not belong to the text that was seen.
        if (!reasoned && reported.ReasoningTokens == 0 && reported.AudioOutputTokens == 0 && Teaches(output, reported.OutputTokens))
            _output.Learn(TextOf(output), model, reported.OutputTokens);
    }

    // A short text says little about its tokenizer and much about what surrounds it.
    private bool Teaches(TextSize text, long tokens) =>
        tokens >= ShortestTokens && TextMeasure.EstimateTokens(TextOf(text), model) >= ShortestTokens;

    private long WholeTokens(TokenFactors factors, TextSize size) => (long)Math.Ceiling(factors.TextTokens(TextOf(size), model)) + Framing(size);

    private long Framing(TextSize size) => TextMeasure.EstimateTokens(new TextSize(0, 0, 0, size.Messages, size.Images), model);

    private static TextSize TextOf(TextSize size) => size with { Messages = 0, Images = 0 };
}
