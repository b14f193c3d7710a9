using Orchestration.Client.Errors;

namespace Orchestration.Client;

/// <summary>A streamed answer broke after it had begun. What was read of it is not the whole answer, and may have cost something.</summary>
public sealed class OrchestrationBrokenAnswerException : OrchestrationException
{
    internal OrchestrationBrokenAnswerException(FailureFacts facts, OrchestrationFacts answer) : base(facts) => Answer = answer;

    /// <summary>Who had begun to answer, and what it cost as far as that was told.</summary>
    public OrchestrationFacts Answer { get; }
}
