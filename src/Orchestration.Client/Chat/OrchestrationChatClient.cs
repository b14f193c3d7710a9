using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Gateway.V1;

namespace Orchestration.Client.Chat;

/// <summary>Chat through the gateway. Route, cost and attempts stand in <see cref="ChatResponse.AdditionalProperties"/>.</summary>
internal sealed class OrchestrationChatClient(ChatService.ChatServiceClient client, IOptions<OrchestrationClientOptions> options) : IChatClient
{
    private readonly ChatClientMetadata _metadata = new("orchestration", options.Value.Address, options.Value.Model);

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        ChatResponses.From(await client.CompleteAsync(Request(messages, options), cancellationToken: cancellationToken).OrCanceledAsync(cancellationToken));

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = Request(messages, options);
        request.Stream = true;
        using var call = client.Stream(request, cancellationToken: cancellationToken);
        var updates = new ChatUpdates();
        while (await call.ResponseStream.MoveNextOrCanceledAsync(cancellationToken))
            if (updates.From(call.ResponseStream.Current) is { } update)
                yield return update;

        if (updates.Complete() is { } last)
            yield return last;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : serviceType.IsInstanceOfType(client) ? client
        : null;

    public void Dispose()
    {
    }

    private ChatRequest Request(IEnumerable<ChatMessage> messages, ChatOptions? chatOptions) =>
        ChatRequests.From(messages, chatOptions, options.Value.Model, this);
}
