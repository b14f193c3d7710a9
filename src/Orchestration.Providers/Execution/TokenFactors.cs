using Orchestration.Protocols;

namespace Orchestration.Providers.Execution;

/// <summary>
/// Tokens per character of one tokenizer, learned from counts that the provider reported. Two unknowns: how far a CJK character and
/// any other character are from what the model's family takes. Recursive least squares over relative errors with a fading memory;
/// what one report can do is bounded, and so is how far the factors may go.
/// </summary>
internal sealed class TokenFactors
{
    private const double Memory = 0.97;
    private const double TrustInFamily = 1;
    private const double Least = 0.2;
    private const double Most = 5;
    private const double MostSurprise = 2;
    private readonly Lock _gate = new();
    private double _cc;
    private double _co;
    private double _oo;
    private double _cy;
    private double _oy;
    private double _cjk = 1;
    private double _other = 1;

    /// <summary>Reports that were learned from.</summary>
    public int Observations { get; private set; }

    /// <summary>Tokens of a text, without what frames messages and pictures.</summary>
    public double TextTokens(TextSize size, string model)
    {
        var (cjk, other) = Parts(size, model);
        lock (_gate) return (_cjk * cjk) + (_other * other);
    }

    /// <summary>Learns from the count of a text.</summary>
    public void Learn(TextSize size, string model, double tokens)
    {
        var (cjk, other) = Parts(size, model);
        lock (_gate)
        {
            var expected = (_cjk * cjk) + (_other * other);
            if (expected <= 0 || tokens <= 0) return;
            // A wild report moves the factors no further than a plausible one; if it was the truth, the next ones say so again.
            var seen = Math.Clamp(tokens / expected, 1 / MostSurprise, MostSurprise);
            var (c, o) = (cjk / expected, other / expected);
            _cc = (_cc * Memory) + (c * c);
            _co = (_co * Memory) + (c * o);
            _oo = (_oo * Memory) + (o * o);
            _cy = (_cy * Memory) + (c * seen);
            _oy = (_oy * Memory) + (o * seen);
            Observations++;
            Solve();
        }
    }

    private void Solve()
    {
        // The prior keeps a factor where it is as long as nothing was seen of its script, and the equations solvable.
        var prior = TrustInFamily / (1 + (0.2 * Observations));
        var (cc, oo) = (_cc + prior, _oo + prior);
        var (cy, oy) = (_cy + (prior * _cjk), _oy + (prior * _other));
        var determinant = (cc * oo) - (_co * _co);
        _cjk = Math.Clamp(((cy * oo) - (oy * _co)) / determinant, Least, Most);
        _other = Math.Clamp(((oy * cc) - (cy * _co)) / determinant, Least, Most);
    }

    private static (double Cjk, double Other) Parts(TextSize size, string model)
    {
        const long Precise = 1000;
        // Measured for a multiple and divided again, because the estimate is whole tokens.
        var other = new TextSize(Math.Max(0, size.Bytes - (3 * size.CjkCharacters)) * Precise, 0, size.OtherCharacters * Precise);
        var cjk = new TextSize(3 * size.CjkCharacters * Precise, size.CjkCharacters * Precise, 0);
        return (TextMeasure.EstimateTokens(cjk, model) / (double)Precise, TextMeasure.EstimateTokens(other, model) / (double)Precise);
    }
}
