using System.Text;
using Orchestration.Providers.Execution;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Tests.Execution;

public sealed class OperatorExcerptTests
{
    [Fact]
    public void Page_is_reduced_to_its_words()
    {
        var page = "<html><head><style>body { color: red }</style><script>alert('x')</script></head><body>\r\n<h1>502 Bad Gateway</h1><p>nginx/1.2</p></body></html>";

        OperatorExcerpt.Of(Encoding.UTF8.GetBytes(page), Secret.None).ShouldBe("502 Bad Gateway nginx/1.2");
    }

    [Theory]
    [InlineData("key my-credential-1 refused")]
    [InlineData("Authorization: Bearer abc.def")]
    [InlineData("key sk-abcdef1234")]
    [InlineData("token A1b2C3d4E5f6G7h8I9j0K1l2M3")]
    [InlineData("see https://user:pass@internal/path?key=1")]
    public void Nothing_that_looks_like_a_secret_stays(string text)
    {
        var shown = OperatorExcerpt.Of(Encoding.UTF8.GetBytes(text), new Secret("my-credential-1"));

        shown.ShouldContain("[removed]");
        foreach (var secret in new[] { "my-credential-1", "abc.def", "sk-abcdef", "A1b2C3", "user:pass" }) shown.ShouldNotContain(secret);
    }

    [Fact]
    public void Excerpt_is_two_kibibytes_at_most_and_one_line()
    {
        var shown = OperatorExcerpt.Of(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("页面\n\u001b[31m", 5_000))), Secret.None);

        Encoding.UTF8.GetByteCount(shown).ShouldBeLessThanOrEqualTo(2048);
        shown.ShouldNotContain("\n");
        shown.ShouldNotContain("\u001b");
    }
}
