using System.Collections.Frozen;
using Orchestration.Simulator.Tokens;

namespace Orchestration.Simulator.Vendors;

/// <summary>One simulated vendor.</summary>
internal sealed class Vendor(VendorRecord record)
{
    private readonly FrozenDictionary<string, ModelRecord> _models = record.Models.ToFrozenDictionary(model => model.Id);
    private readonly IReadOnlyDictionary<string, VendorWire> _wires = WireFiles.Load(record.Id);

    public string Id => record.Id;

    public ReasoningForm Reasoning => record.Reasoning;

    public int KeepAliveMs => record.KeepAliveMs;

    public int FirstTokenMs => record.FirstTokenMs;

    public double TokenMs => record.TokenMs;

    public IReadOnlyList<ModelRecord> Models => record.Models;

    public TokenCounter Tokens { get; } = new(new TokenRates(record.LettersPerToken, record.CjkTokensPerHundred));

    /// <summary>How the vendor writes, whatever the model.</summary>
    public VendorWire Wire => _wires[""];

    /// <summary>Names of the other forms that the vendor writes.</summary>
    public IEnumerable<string> Variants => _wires.Keys.Where(name => name.Length > 0);

    public ModelRecord? Find(string model) => _models.GetValueOrDefault(model);

    /// <summary>How the vendor writes for a model: in a form that was asked for, the model's own, or the usual one.</summary>
    public VendorWire WireFor(string model, string? variant = null) =>
        _wires.GetValueOrDefault(variant ?? Find(model)?.Variant ?? "") ?? Wire;
}
