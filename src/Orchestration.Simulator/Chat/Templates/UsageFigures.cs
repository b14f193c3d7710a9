using Orchestration.Simulator.Faults;

namespace Orchestration.Simulator.Chat.Templates;

/// <summary>The numbers of a usage object, right or as a fault wants them.</summary>
internal sealed class UsageFigures(ChatExchange exchange)
{
    private const int WrongFactor = 2;
    private const int WrongOffset = 7;
    private readonly FaultKind? _fault = exchange.Fault?.Kind;

    /// <summary>False when a fault leaves all usage out.</summary>
    public bool Any => _fault != FaultKind.NoUsage;

    /// <summary>Output so far, for a chunk in the middle; null for the whole output.</summary>
    public int? Running { get; set; }

    public decimal Cost => exchange.Entry.Price is not { } price
        ? 0
        : ((exchange.Answer.InputTokens - exchange.Answer.CachedTokens) * price.Input + exchange.Answer.CachedTokens * price.CachedInput
            + exchange.Answer.OutputTokens * price.Output) / 1_000_000m;

    private int Output => Running ?? exchange.Answer.OutputTokens;

    public int this[Slot slot]
    {
        get
        {
            var figure = slot switch
            {
                Slot.Input or Slot.EndInput => exchange.Answer.InputTokens,
                Slot.Output or Slot.EndOutput => Output,
                Slot.Said => Math.Max(0, Output - exchange.Answer.ReasoningTokens),
                Slot.Total => exchange.Answer.InputTokens + Output,
                Slot.Cached => exchange.Answer.CachedTokens,
                Slot.Missed => exchange.Answer.InputTokens - exchange.Answer.CachedTokens,
                Slot.ReasoningTokens => exchange.Answer.ReasoningTokens,
                _ => throw new ArgumentOutOfRangeException(nameof(slot), slot, "This slot holds no number."),
            };
            return _fault switch
            {
                FaultKind.ZeroUsage => 0,
                FaultKind.WrongUsage => figure * WrongFactor + WrongOffset,
                _ => figure,
            };
        }
    }
}
