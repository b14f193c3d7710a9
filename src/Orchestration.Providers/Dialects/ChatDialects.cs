using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Providers.Dialects;

/// <summary>The dialects by the protocol that a deployment names.</summary>
internal sealed class ChatDialects(IEnumerable<IChatDialect> dialects)
{
    private readonly Dictionary<Protocol, IChatDialect> _dialects = dialects.ToDictionary(d => d.Protocol);

    /// <summary>The dialect of a protocol; null when none is known. A deployment that names none speaks OpenAI's.</summary>
    public IChatDialect? For(Protocol protocol) =>
        _dialects.GetValueOrDefault(protocol == Protocol.Unspecified ? Protocol.OpenaiChat : protocol);
}
