namespace Orchestration.Routing.Policy;

/// <summary>A mistake in a policy.</summary>
/// <param name="Line">Line of the YAML text, from 1.</param>
/// <param name="Path">Member, for example "routes.auto.classes.simple[1]".</param>
/// <param name="Message">Why, as the end of a sentence.</param>
internal sealed record PolicyError(int Line, string Path, string Message)
{
    /// <summary>Column of the YAML text, from 1; 0 while only the line is known.</summary>
    public int Column { get; init; }

    /// <summary>Tenant whose overlay it stands in; empty for the installation's document.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>The mistake with a column: where the line's text begins, when no better place is known.</summary>
    public PolicyError Placed(string[] lines)
    {
        if (Column > 0 || Line < 1 || Line > lines.Length) return Column > 0 ? this : this with { Column = 1 };
        return this with { Column = lines[Line - 1].TakeWhile(char.IsWhiteSpace).Count() + 1 };
    }

    public override string ToString() => $"{(Tenant.Length > 0 ? $"overlay of {Tenant}, " : "")}line {Line}: {Path} {Message}";
}

/// <summary>A policy was refused as a whole.</summary>
internal sealed class InvalidPolicyException(IReadOnlyList<PolicyError> errors)
    : Exception($"The policy has {errors.Count} mistake(s):{Environment.NewLine}{string.Join(Environment.NewLine, errors)}")
{
    public IReadOnlyList<PolicyError> Errors { get; } = errors;
}
