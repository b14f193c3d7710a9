using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols;

/// <summary>Folds the events of one answer to a complete answer.</summary>
public sealed class ChatCompletionBuilder(string requestId)
{
    private readonly string _requestId = requestId;

    /// <summary>The failure of the answer; null as long as none was seen.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>True when at least one choice began and every choice that began has its Finish, and no failure was seen.</summary>
    public bool IsComplete => Failure is null;

    /// <summary>Takes the next event.</summary>
    public void Add(ChatEvent chatEvent) => throw new NotImplementedException(_requestId);

    /// <summary>The answer so far. A choice that was cut has no Finish.</summary>
    public ChatCompletion Build() => throw new NotImplementedException();
}
