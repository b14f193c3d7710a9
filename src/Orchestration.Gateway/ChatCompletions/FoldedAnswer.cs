using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Execution;
using Orchestration.Protocols;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.ChatCompletions;

/// <summary>An answer as one gRPC message.</summary>
internal sealed class FoldedAnswer(AdmittedRequest request) : ChatAnswer
{
    private readonly ChatCompletionBuilder _builder = new(request.Identity.Text);
    private Failure? _failure;

    /// <summary>The complete answer.</summary>
    /// <exception cref="FailureException">There is none.</exception>
    public ChatCompletion Result() => _failure is null && _builder.IsComplete
        ? _builder.Build()
        : throw new FailureException(_failure ?? Failures.Interrupted());

    protected override ValueTask WriteAsync(ChatEvent chatEvent)
    {
        if (chatEvent.EventCase == ChatEvent.EventOneofCase.Error)
            _failure ??= chatEvent.Error;
        _builder.Add(chatEvent);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask SendAsync() => ValueTask.CompletedTask;
}
