using System.Collections.Concurrent;
using Orchestration.Protocols;

namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>What requests turned out to use: prompts against their estimate by family of tokenizers, answers by route, class and model.</summary>
internal sealed class UsageStatistics
{
    private const int MostRoutes = 20_000;

    /// <summary>Requests that the estimate itself counts as.</summary>
    public const double PromptPriorWeight = 5;

    private readonly ConcurrentDictionary<string, LearnedValue> _prompts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Route, string RequestClass), OutputLengths> _outputs = new();
    private int _epoch;

    /// <summary>Changes when all lengths of answers were forgotten.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <summary>Reported over estimated tokens.</summary>
    public LearnedValue PromptFactor(TokenFamily family) => _prompts.GetOrAdd(family.Name, static _ => new LearnedValue());

    public OutputLengths Outputs(string route, string requestClass)
    {
        if (_outputs.TryGetValue((route, requestClass), out var known))
            return known;
        // Routes come from policies, of which there are many over time.
        if (_outputs.Count >= MostRoutes)
        {
            _outputs.Clear();
            Interlocked.Increment(ref _epoch);
        }

        return _outputs.GetOrAdd((route, requestClass), static key => new OutputLengths(key.RequestClass));
    }

    /// <summary>Tokens that a prompt is expected to have.</summary>
    /// <param name="family">Tokenizer of the model.</param>
    /// <param name="factor">As <see cref="PromptFactor"/> says.</param>
    /// <param name="size">Size of the prompt.</param>
    public static double PromptTokens(TokenFamily family, LearnedValue factor, TextSize size) => family.Estimate(size) * factor.Over(1, PromptPriorWeight);

    public void ObservePrompt(TokenFamily family, TextSize size, long tokens)
    {
        var estimate = family.Estimate(size);
        // Pictures have no length in characters.
        if (estimate == 0 || tokens == 0 || size.Images > 0)
            return;
        var factor = PromptFactor(family);
        var predicted = PromptTokens(family, factor, size);
        factor.Observe(Math.Clamp((double)tokens / estimate, 0.25, 4), Math.Abs(predicted - tokens) / tokens);
    }
}

/// <summary>Lengths of answers on one route for one class.</summary>
internal sealed class OutputLengths(string requestClass)
{
    private const double PriorWeight = 5;
    private readonly LearnedValue _all = new();
    private readonly ConcurrentDictionary<string, LearnedValue> _models = new(StringComparer.Ordinal);

    /// <summary>What was learned of a model.</summary>
    public LearnedValue Of(string model) => _models.GetOrAdd(model, static _ => new LearnedValue());

    /// <summary>Expected of every model before it was seen: what the others do.</summary>
    public double Common => _all.Over(PriorOf(requestClass), PriorWeight);

    /// <param name="learned">Of the model.</param>
    /// <param name="common">As <see cref="Common"/> says.</param>
    public static double Expect(LearnedValue learned, double common) => learned.Over(common, PriorWeight);

    public void Observe(string model, long tokens)
    {
        if (tokens == 0)
            return;
        var learned = Of(model);
        var missedBy = Math.Abs(Expect(learned, Common) - tokens) / tokens;
        learned.Observe(tokens, missedBy);
        _all.Observe(tokens, missedBy);
    }

    private static double PriorOf(string requestClass) => requestClass switch
    {
        "simple" => 200,
        "complex" => 900,
        _ => 500,
    };
}
