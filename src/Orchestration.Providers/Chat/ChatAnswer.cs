using Orchestration.Contracts.Chat.V1;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Chat;

/// <summary>What is known of an answer before its first byte.</summary>
/// <param name="Request">The request in the canonical model.</param>
/// <param name="Order">Who pays and how far it may go.</param>
/// <param name="Candidate">Who is asked.</param>
/// <param name="AttemptId">The attempt that reads it.</param>
/// <param name="Warnings">What the plan and the encoding dropped or changed.</param>
/// <param name="Prompt">How long the prompt is.</param>
/// <param name="Tokens">What was learned of the model's tokenizer.</param>
internal sealed record ChatAnswer(
    ChatRequest Request,
    ExecutionOrder Order,
    PreparedCandidate Candidate,
    Guid AttemptId,
    IReadOnlyList<Warning> Warnings,
    PromptSize Prompt,
    TokenEstimates Tokens)
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
        // What the plan has told of, such as its default output, the encoding only says again.
        started.Warnings.Add(Warnings.Where(warning => !Order.Plan.Warnings.Any(told => IsSame(told, warning))).Select(Completed));
        if (Candidate.IsAnotherModel(reported.ReportedModel))
            started.Warnings.Add(new Warning
            {
                Code = "model_mismatch",
                Param = "model",
                Message = "The provider says that another model answered than the one it was asked for.",
            });
        return started;
    }

    /// <summary>True when the provider was not told of all stop sequences, so that it cannot be blamed for going on.</summary>
    public bool IsWithoutStop => Warnings.Any(StopSequences.AreMeantBy);

    private static Warning Completed(Warning warning) => StopSequences.AreMeantBy(warning)
        ? new Warning { Code = warning.Code, Param = warning.Param, Message = warning.Message + " The answer is cut at every stop sequence all the same." }
        : warning;

    private static bool IsSame(Warning told, Warning warning) =>
        told.Code == warning.Code && (told.Param == warning.Param || told.Code == "default_max_output");
}
