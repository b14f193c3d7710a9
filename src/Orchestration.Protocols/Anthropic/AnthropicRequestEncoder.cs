using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Protocols.Anthropic;

/// <summary>Encodes a chat request as a body of <c>POST /v1/messages</c>.</summary>
public static class AnthropicRequestEncoder
{
    /// <summary>Encodes a request. Unknown members go on only when the request came in this protocol; members that steer never do.</summary>
    public static EncodedRequest Encode(ChatRequest request, AnthropicRequestTarget target)
    {
        var context = new EncodingContext(request, target);
        var conversation = new ConversationBuilder(context).Build();
        using var writer = new MessagesRequestWriter(context, conversation);
        return new EncodedRequest(writer.Write(), context.Warnings.All) { Refused = context.Warnings.Refused };
    }
}
