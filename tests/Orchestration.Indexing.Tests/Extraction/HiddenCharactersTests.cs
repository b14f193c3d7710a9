using Orchestration.Indexing.Extraction;

namespace Orchestration.Indexing.Tests.Extraction;

public sealed class HiddenCharactersTests
{
    [Theory]
    [InlineData("ig\u200Bnore", "ignore")]
    [InlineData("\u202Eabc\u202C", "abc")]
    [InlineData("a\U000E0049\U000E0067b", "ab")]
    [InlineData("a\u200Db", "ab")]
    [InlineData("x\uFE00\uFE01\uFE02", "x")]
    [InlineData("退\uFE00\uFE01货", "退\uFE00货")]
    [InlineData("\u001B[31mred", "[31mred")]
    public void What_nobody_sees_is_taken_out(string text, string kept) => HiddenCharacters.Strip(text).ShouldBe(kept);

    [Theory]
    [InlineData("plain text\twith\nlines")]
    [InlineData("👩\u200D💻 ❤\uFE0F")]
    [InlineData("می\u200Cخواهم")]
    [InlineData("![image](https://example.org/leak) <b>bold</b> </source>")]
    public void What_scripts_need_stays(string text) => HiddenCharacters.Strip(text).ShouldBe(text);
}
