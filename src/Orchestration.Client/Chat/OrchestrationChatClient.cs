using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Client.Chat;

/// <summary>Chat through the gateway. Route, cost and attempts stand in <see cref="ChatResponse.AdditionalProperties"/>.</summary>
internal sealed class OrchestrationChatClient(OrchestrationClient client, string? model) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        ChatResponses.From(await client.CompleteAsync(Request(messages, options), options?.AdditionalProperties.FindCall(), cancellationToken));

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stream = await client.OpenAsync(Request(messages, options), options?.AdditionalProperties.FindCall(), cancellationToken);
        var updates = new ChatUpdates(stream.RequestId, stream.Tries);
        while (await stream.NextAsync() is { } chatEvent)
            if (updates.From(chatEvent) is { } update)
                yield return update;

        if (updates.Complete() is { } last)
            yield return last;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("orchestration", client.Options.Address, Model)
        : serviceType.IsInstanceOfType(this) ? this
        : serviceType.IsInstanceOfType(client) ? client
        : null;

    public void Dispose()
    {
    }

    private string Model => model ?? client.Options.Model;

    private ChatRequest Request(IEnumerable<ChatMessage> messages, ChatOptions? chatOptions) => ChatRequests.From(messages, chatOptions, Model, this);
}
