using Google.Protobuf;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Caching.Semantic;

namespace Orchestration.Gateway.Caching;

/// <summary>A request as the caches look at it.</summary>
/// <param name="Directives">What the client wishes.</param>
internal abstract record CacheQuestion(CacheDirectives Directives)
{
    /// <summary>Number of answers that make it complete.</summary>
    public virtual int Choices => 1;

    /// <summary>What kind of request it is; empty for chat.</summary>
    public virtual string Kind => "";

    /// <summary>What a model could answer differently to, in one form.</summary>
    public abstract IMessage Canonical();
}

/// <summary>A chat request.</summary>
/// <param name="RequestId">UUIDv7 of the request.</param>
/// <param name="Request">What is asked.</param>
/// <param name="Directives">What the client wishes.</param>
/// <param name="Embedder">Makes vectors of models.</param>
internal sealed record ChatQuestion(Guid RequestId, ChatRequest Request, CacheDirectives Directives, LookupEmbedder Embedder) : CacheQuestion(Directives)
{
    public override int Choices => Request.HasChoiceCount ? Request.ChoiceCount : 1;

    public override IMessage Canonical() => CacheKey.Canonical(Request);
}

/// <summary>A request that is answered as a whole: only equal ones have its answer.</summary>
/// <param name="Operation">What kind of request it is.</param>
/// <param name="Form">The request without what no answer depends on.</param>
/// <param name="Directives">What the client wishes.</param>
internal sealed record PlainQuestion(string Operation, Func<IMessage> Form, CacheDirectives Directives) : CacheQuestion(Directives)
{
    public override string Kind => Operation;

    public override IMessage Canonical() => Form();
}
