namespace Orchestration.Routing.Policy;

/// <summary>A mistake in a policy.</summary>
/// <param name="Line">Line of the YAML text, from 1.</param>
/// <param name="Path">Member, for example "routes.auto.classes.simple[1]".</param>
/// <param name="Message">Why, as the end of a sentence.</param>
internal sealed record PolicyError(int Line, string Path, string Message)
{
    public override string ToString() => $"line {Line}: {Path} {Message}";
}

/// <summary>A policy was refused as a whole.</summary>
internal sealed class InvalidPolicyException(IReadOnlyList<PolicyError> errors)
    : Exception($"The policy has {errors.Count} mistake(s):{Environment.NewLine}{string.Join(Environment.NewLine, errors)}")
{
    public IReadOnlyList<PolicyError> Errors { get; } = errors;
}
