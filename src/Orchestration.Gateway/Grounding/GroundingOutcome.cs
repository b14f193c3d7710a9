using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Gateway.Grounding;

/// <summary>Outcome of looking for what an answer may rest on.</summary>
internal abstract record GroundingOutcome
{
    private GroundingOutcome()
    {
    }

    public sealed record Grounded(GroundedQuestion Question) : GroundingOutcome;

    public sealed record Refused(Failure Failure) : GroundingOutcome;
}
