using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Responses;

/// <summary>Writes limits, sampling and the caller's wishes, the vendor's rules applied.</summary>
internal sealed class ResponsesOptionsWriter(ChatRequest request, ResponsesRequestTarget target, EncodingWarnings warnings)
{
    // The endpoint refuses less.
    private const int LeastOutput = 16;

    // Rules are written for chat completions; for all other members they would say something that is not meant.
    private static readonly FrozenSet<string> Ruled =
        new[] { "temperature", "top_p", "top_logprobs", "metadata", "service_tier", "prompt_cache_key" }.ToFrozenSet();

    private readonly JsonObject _members = [];

    /// <summary>True once the probabilities of tokens were asked for.</summary>
    public bool HasLogProbabilities { get; private set; }

    public void Write(Utf8JsonWriter writer, bool reasons)
    {
        AddLimit();
        AddSampling();
        DropUnknown();
        AddWishes();
        ApplyRules(reasons);
        HasLogProbabilities = _members.ContainsKey("top_logprobs");
        foreach (var (name, value) in _members)
        {
            writer.WritePropertyName(name);
            value!.WriteTo(writer);
        }
    }

    private void AddLimit()
    {
        var max = request.HasMaxOutputTokens ? request.MaxOutputTokens : target.DefaultMaxOutputTokens;
        if (max is not { } tokens)
            return;

        if (!request.HasMaxOutputTokens)
            warnings.Add("default_max_output", "max_output_tokens", $"No output limit was given; {tokens} tokens were sent.");
        var sent = Math.Max(LeastOutput, Math.Min(tokens, target.MaxOutputTokens ?? int.MaxValue));
        if (sent != tokens)
            warnings.Clamped("max_output_tokens", $"The model takes output limits of {LeastOutput} tokens and more, up to its own; {sent} were sent for {tokens}.");
        _members["max_output_tokens"] = sent;
    }

    private void AddSampling()
    {
        if (request.Sampling is { } sampling)
        {
            AddNumber("temperature", sampling.HasTemperature, sampling.Temperature);
            AddNumber("top_p", sampling.HasTopP, sampling.TopP);
        }

        if (request.LogProbabilities is { Enabled: true } probabilities && Takes("logprobs"))
            _members["top_logprobs"] = probabilities.TopCount;
    }

    private void AddNumber(string member, bool given, double value)
    {
        if (!given)
            return;
        // JSON has no form for it.
        if (!double.IsFinite(value))
            warnings.Dropped(member, $"'{member}' is not a finite number.");
        else if (Takes(member))
            _members[member] = value;
    }

    private void DropUnknown()
    {
        Drop("stop", request.Stop.Count > 0);
        Drop("n", request is { HasChoiceCount: true, ChoiceCount: > 1 });
        if (request.Sampling is not { } sampling)
            return;
        Drop("top_k", sampling.HasTopK);
        Drop("seed", sampling.HasSeed);
        Drop("frequency_penalty", sampling is { HasFrequencyPenalty: true, FrequencyPenalty: not 0 });
        Drop("presence_penalty", sampling is { HasPresencePenalty: true, PresencePenalty: not 0 });
        Drop("logit_bias", sampling.LogitBias.Count > 0);
    }

    private void Drop(string member, bool given)
    {
        if (given)
            warnings.Dropped(member, $"The provider's protocol has no '{member}'.");
    }

    private void AddWishes()
    {
        if (request.Metadata.Count > 0 && Takes("metadata"))
            _members["metadata"] = new JsonObject(request.Metadata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        AddText("service_tier", request.ServiceTier);
        AddText("prompt_cache_key", request.PromptCacheKey);
        if (target.EndUserField.Length > 0)
            AddText(target.EndUserField, request.EndUser);
    }

    private void AddText(string member, string value)
    {
        if (value.Length > 0 && Takes(member))
            _members[member] = value;
    }

    private void ApplyRules(bool reasons)
    {
        var changes = new List<Warning>();
        new ParameterRules(_members, changes, reasons, target.Stream).Apply([.. target.Rules.Where(rule => Ruled.Contains(rule.Param))]);
        foreach (var change in changes)
            warnings.Add(change.Code, change.Param, change.Message);
    }

    private bool Takes(string member)
    {
        if (!target.UnsupportedMembers.Contains(member))
            return true;
        warnings.Dropped(member, $"The provider does not take '{member}'.");
        return false;
    }
}
