using Microsoft.Extensions.Options;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Idempotency;

namespace Orchestration.Gateway.Tests.Idempotency;

public sealed class AnswerSealTests
{
    private static readonly byte[] Content = "an answer"u8.ToArray();

    private readonly AnswerSeal _seal = Seal('p');

    [Fact]
    public void What_was_sealed_opens_for_its_tenant_at_its_place() =>
        _seal.Open("a", "here", _seal.Seal("a", "here", Content)).ShouldBe(Content);

    [Fact]
    public void What_was_sealed_opens_nowhere_else()
    {
        var sealedContent = _seal.Seal("a", "here", Content);

        _seal.Open("b", "here", sealedContent).ShouldBeNull();
        _seal.Open("a", "there", sealedContent).ShouldBeNull();
        Seal('q').Open("a", "here", sealedContent).ShouldBeNull();
        _seal.Open("a", "here", sealedContent.AsSpan(1)).ShouldBeNull();
        _seal.Open("a", "here", []).ShouldBeNull();
    }

    [Fact]
    public void Same_content_never_looks_the_same() => _seal.Seal("a", "here", Content).ShouldNotBe(_seal.Seal("a", "here", Content));

    private static AnswerSeal Seal(char letter) => new(Options.Create(new KeyOptions { Pepper = new string(letter, 32) }));
}
