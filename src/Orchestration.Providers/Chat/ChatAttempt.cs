using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Chat;

/// <summary>One running attempt of a chat request.</summary>
/// <param name="Candidate">Who is asked.</param>
/// <param name="Reader">Reads the answer.</param>
/// <param name="Streamed">Whether the answer comes as a stream.</param>
/// <param name="Spending">The part of the ceiling that is set aside.</param>
/// <param name="Allowance">What a hedge set aside of the route's extra spend; null for an attempt that is no hedge.</param>
/// <param name="Result">How it ended.</param>
internal sealed record ChatAttempt(
    PreparedCandidate Candidate,
    ChatAnswerReader Reader,
    bool Streamed,
    SpendingShare Spending,
    HedgeAllowance? Allowance,
    Task<AttemptResult> Result)
{
    /// <summary>True for an attempt that was started because another one was silent.</summary>
    public bool IsHedge => Allowance is not null;
}

/// <summary>What became of the wish to start an attempt.</summary>
internal abstract record AttemptStart
{
    private AttemptStart()
    {
    }

    internal sealed record Running(ChatAttempt Attempt) : AttemptStart;

    internal sealed record Refused(Failure Failure) : AttemptStart;
}
