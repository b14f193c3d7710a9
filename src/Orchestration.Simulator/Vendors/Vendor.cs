using System.Collections.Frozen;
using Orchestration.Simulator.Tokens;

namespace Orchestration.Simulator.Vendors;

/// <summary>One simulated vendor.</summary>
internal sealed class Vendor(VendorRecord record)
{
    private readonly FrozenDictionary<string, ModelRecord> _models = record.Models.ToFrozenDictionary(model => model.Id);

    public string Id => record.Id;

    public Dialect Dialect => record.Dialect;

    public UsagePlacement Usage => record.Usage;

    public ReasoningForm Reasoning => record.Reasoning;

    public ToolCallForm ToolCalls => record.ToolCalls;

    public int KeepAliveMs => record.KeepAliveMs;

    public int FirstTokenMs => record.FirstTokenMs;

    public double TokenMs => record.TokenMs;

    public IReadOnlyList<ModelRecord> Models => record.Models;

    public TokenCounter Tokens { get; } = new(new TokenRates(record.LettersPerToken, record.CjkTokensPerHundred));

    public ModelRecord? Find(string model) => _models.GetValueOrDefault(model);
}
