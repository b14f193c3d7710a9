using System.Diagnostics;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Pricing;

namespace Orchestration.Providers.Execution;

/// <summary>One attempt to be made.</summary>
internal sealed record AttemptWork
{
    /// <summary>UUIDv7, fixed before anything is sent.</summary>
    public required Guid Id { get; init; }

    public required int Ordinal { get; init; }

    public required ExecutionOrder Order { get; init; }

    public required PreparedCandidate Candidate { get; init; }

    /// <summary>What is appended to the base address.</summary>
    public required string Path { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public required bool Streamed { get; init; }

    /// <summary>"chat", "embeddings" or "rerank", for telemetry.</summary>
    public required string Operation { get; init; }

    /// <summary>Timestamp at which the whole request must be over.</summary>
    public required long TotalDeadline { get; init; }

    /// <summary>Longest wait for the first token; null for as long as the request's rules say.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>Most that the attempt can cost, in the tenant's currency.</summary>
    public required Money WorstCase { get; init; }

    /// <summary>Cancelled when another attempt of the request answers.</summary>
    public CancellationToken Withdrawn { get; init; }

    /// <summary>The trace that the request belongs to; it outlives the call that brought it.</summary>
    public required ActivityContext Trace { get; init; }
}

/// <summary>How an attempt ended.</summary>
internal abstract record AttemptResult
{
    private AttemptResult()
    {
    }

    /// <summary>Nothing was sent, because the attempt could not be recorded.</summary>
    internal sealed record NotStarted(Failure Failure) : AttemptResult;

    /// <summary>The attempt was made.</summary>
    /// <param name="Summary">For the caller.</param>
    /// <param name="Failure">How it failed; null when it succeeded.</param>
    /// <param name="Billed">Its cost in the tenant's currency.</param>
    /// <param name="ConnectionLost">True when a connection ended before a single byte of an answer.</param>
    /// <param name="Recorded">Completes when the ledger event is durable.</param>
    internal sealed record Ended(AttemptSummary Summary, Failure? Failure, Money Billed, bool ConnectionLost, Task Recorded) : AttemptResult;
}
