using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Routing.Policy;

/// <summary>How a route chooses among its deployments. A route that says nothing of it takes its chain as an order.</summary>
internal sealed record ChoicePolicy
{
    private const decimal MostWeight = 1000;

    /// <summary>Name of a preset; empty when there is none.</summary>
    public required string Prefer { get; init; }

    /// <summary>Weights of the route's own; null when there are none.</summary>
    public required ScoreWeights? Weights { get; init; }

    public required IReadOnlyList<PolicyArm> Split { get; init; }

    public required bool Sticky { get; init; }

    /// <summary>Model that costs are compared with; null when none is declared.</summary>
    public required PolicyReference? Baseline { get; init; }

    public required int Line { get; init; }

    public bool IsScored => Prefer.Length > 0 || Weights is not null;

    public static ChoicePolicy Read(YamlSection section)
    {
        var weights = ReadWeights(section.Section("weights"));
        var policy = new ChoicePolicy
        {
            Prefer = section.Text("prefer", whenAbsent: ""),
            Weights = weights,
            Split = [.. section.List("split").Select(ReadArm)],
            Sticky = section.Flag("sticky") ?? false,
            Baseline = section.Text("baseline", whenAbsent: "") is { Length: > 0 } model ? new PolicyReference(model, section.LineOf("baseline")) : null,
            Line = section.Line,
        };
        if (policy.Prefer.Length > 0 && ScorePresets.Find(policy.Prefer) is null) section.Fail("prefer", $"is not one of {ScorePresets.Names}");
        if (policy.Prefer.Length > 0 && weights is not null) section.Fail("weights", "stand beside prefer; a route has one of them");
        if (policy.IsScored && policy.Split.Count > 0) section.Fail("split", "stands beside prefer or weights; a route has one of them");
        CheckShares(section, policy.Split);
        return policy;
    }

    /// <summary>For the gateways; null when chains are orders.</summary>
    /// <param name="deploymentsOf">Ids of the deployments behind an arm's chain.</param>
    public ChoiceRules? ToRules(Func<IReadOnlyList<PolicyReference>, IEnumerable<string>> deploymentsOf)
    {
        if (!IsScored && Split.Count == 0 && !Sticky) return null;
        var rules = new ChoiceRules { Sticky = Sticky };
        if (IsScored) rules.Score = new ScoreRules { Prefer = Prefer, Weights = Weights ?? ScorePresets.Find(Prefer) };
        foreach (var arm in Split)
            rules.Split.Add(new SplitArm { BasisPoints = arm.BasisPoints, Deployments = { deploymentsOf(arm.Chain) } });
        return rules;
    }

    private static ScoreWeights? ReadWeights(YamlSection? section)
    {
        if (section is null) return null;
        var weights = new ScoreWeights
        {
            Quality = Weight("quality"),
            Economy = Weight("economy"),
            Latency = Weight("latency"),
            Health = Weight("health"),
            Limits = Weight("limits"),
            Affinity = Weight("affinity"),
            Budget = Weight("budget"),
        };
        if (weights.Equals(new ScoreWeights())) section.FailWhole("has no weight above zero");
        section.Close();
        return weights;

        double Weight(string name) => (double)(section.Number(name, 0, MostWeight) ?? 0);
    }

    private static PolicyArm ReadArm(YamlSection section)
    {
        var percent = section.Number("percent", 0.01m, 99.99m);
        if (!section.IsText("percent")) section.Fail("percent", "is missing");
        if (percent is { } share && decimal.Round(share, 2) != share) section.Fail("percent", "has more than two digits after the point");
        var arm = new PolicyArm((int)((percent ?? 0) * 100), section.References("chain"), section.Line);
        if (arm.Chain.Count == 0) section.Fail("chain", "is missing");
        section.Close();
        return arm;
    }

    private static void CheckShares(YamlSection section, IReadOnlyList<PolicyArm> split)
    {
        if (split.Count == 1) section.Fail("split", "has one arm; it takes at least two");
        else if (split.Count > 1 && split.Sum(arm => arm.BasisPoints) != PolicyArm.Whole) section.Fail("split", $"has shares that make {split.Sum(arm => arm.BasisPoints) / 100m} percent in place of 100");
    }
}

/// <summary>A share of a route's requests and the chain that answers it.</summary>
internal sealed record PolicyArm(int BasisPoints, IReadOnlyList<PolicyReference> Chain, int Line)
{
    public const int Whole = 10_000;
}
