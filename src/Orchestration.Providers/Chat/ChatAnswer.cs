using Orchestration.Contracts.Chat.V1;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Chat;

/// <summary>What is known of an answer before its first byte.</summary>
/// <param name="Request">The request in the canonical model.</param>
/// <param name="Order">Who pays and how far it may go.</param>
/// <param name="Candidate">Who is asked.</param>
/// <param name="AttemptId">The attempt that reads it.</param>
/// <param name="Warnings">What the plan and the encoding dropped or changed.</param>
internal sealed record ChatAnswer(
    ChatRequest Request,
    ExecutionOrder Order,
    PreparedCandidate Candidate,
    Guid AttemptId,
    IReadOnlyList<Warning> Warnings)
{
    /// <summary>The commit point's facts, completed by what the provider said about itself.</summary>
    public ResponseStarted Started(ResponseStarted reported)
    {
        var started = reported.Clone();
        started.AttemptId = AttemptId.ToString("D");
        started.Deployment = Candidate.Deployment.Id;
        started.Provider = Candidate.Deployment.Provider;
        started.Model = Candidate.Deployment.Model;
        started.Route = Order.Plan.Route;
        started.Simulated = Candidate.Deployment.Simulated;
        started.Warnings.Add(Order.Plan.Warnings);
        // The plan has told of its default output already; the encoding only says it again.
        started.Warnings.Add(Warnings.ExceptBy(Order.Plan.Warnings.Select(told => told.Code), warning => warning.Code));
        return started;
    }
}
