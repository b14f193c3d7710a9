using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Providers.Execution;

/// <summary>A request that is answered as a whole: what it asks a candidate for, and what it makes of the answers.</summary>
/// <remarks>Calls of one candidate may run side by side; members are called by one thread at a time.</remarks>
internal abstract class PlainRequest<TAnswer> where TAnswer : class
{
    /// <summary>"embeddings" or "rerank", for telemetry.</summary>
    public abstract string Operation { get; }

    /// <summary>The calls that are still needed when a candidate answers, or why it cannot.</summary>
    public abstract PlainCalls CallsFor(PreparedCandidate candidate);

    /// <summary>How much of the request is still needed, from 0 to 1, by its estimated tokens: what is kept is paid.</summary>
    public virtual decimal Remaining => 1;

    /// <summary>Takes what a call brought. Its usage is part of the answer's.</summary>
    public abstract void Keep(PlainCall call, Usage usage);

    /// <summary>The answer, once every call is kept; null when the calls do not fit together.</summary>
    public abstract TAnswer? Answer(ResponseStarted started);

    /// <summary>Completes an answer with what is known at the very end.</summary>
    public abstract void Seal(TAnswer answer, Guid requestId, Summary summary);
}

/// <summary>What a candidate is to be asked.</summary>
internal abstract record PlainCalls
{
    private PlainCalls()
    {
    }

    /// <summary>It can answer.</summary>
    /// <param name="Path">What is appended to the base address.</param>
    /// <param name="Calls">At least one.</param>
    /// <param name="Parallel">Most calls at a time.</param>
    internal sealed record Ready(string Path, IReadOnlyList<PlainCall> Calls, int Parallel = 1) : PlainCalls;

    internal sealed record Unusable(Failure Failure) : PlainCalls;
}

/// <summary>One call of a plain request.</summary>
/// <param name="Body">What is sent.</param>
/// <param name="Warnings">What had to be dropped or changed.</param>
/// <param name="Reader">Reads the answer.</param>
internal sealed record PlainCall(ReadOnlyMemory<byte> Body, IReadOnlyList<Warning> Warnings, PlainAnswerReader Reader);

/// <summary>Outcome of a plain request.</summary>
internal abstract record PlainOutcome<TAnswer> where TAnswer : class
{
    private PlainOutcome()
    {
    }

    internal sealed record Answered(TAnswer Answer) : PlainOutcome<TAnswer>;

    internal sealed record Failed(Failure Failure, Summary Summary) : PlainOutcome<TAnswer>;
}
