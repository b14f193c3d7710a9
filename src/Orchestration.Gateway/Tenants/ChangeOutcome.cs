using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Gateway.Tenants;

/// <summary>Outcome of an operator's change or question.</summary>
internal abstract record ChangeOutcome<TState>
{
    private ChangeOutcome()
    {
    }

    /// <summary>The state after the change.</summary>
    public sealed record Done(TState State) : ChangeOutcome<TState>;

    /// <summary>Nothing changed.</summary>
    public sealed record Refused(Failure Failure) : ChangeOutcome<TState>;

    public static implicit operator ChangeOutcome<TState>(TState state) => new Done(state);

    public static implicit operator ChangeOutcome<TState>(Failure failure) => new Refused(failure);
}
