namespace Orchestration.Simulator.Chat;

/// <summary>The sentences that simulated answers are made of, in the two languages that prompts come in.</summary>
internal static class Phrases
{
    private const int TopicLetters = 40;

    private static readonly string[] English =
    [
        "The short version is that it depends on what you want to keep simple.",
        "Start with the smallest part that works and measure it.",
        "Most of the time is spent waiting, not computing.",
        "Keep the interface narrow and the error messages precise.",
        "A good first step is to write down what must never happen.",
        "There are two common approaches, and both have a price.",
        "The first one is easy to explain and hard to scale.",
        "The second one needs more care at the beginning.",
        "In practice people combine them and move on.",
        "Check the numbers again after every change.",
        "If something looks too fast, it is probably not doing the work.",
        "Finally, tell your colleagues what you decided and why.",
    ];

    private static readonly string[] Chinese =
    [
        "简单地说,这取决于您最想保持简单的部分。",
        "先从能够运行的最小部分开始,并且测量它。",
        "大部分时间花在等待上,而不是计算上。",
        "接口要窄,错误信息要准确。",
        "第一步可以写下绝对不能发生的事情。",
        "常见的做法有两种,各有代价。",
        "第一种容易解释,但是难以扩展。",
        "第二种在开始时需要更多的细心。",
        "在实践中,人们会把两者结合起来。",
        "每次改动之后,请重新检查数字。",
        "如果某个结果快得出奇,它可能没有真正工作。",
        "最后,请把决定和理由告诉同事。",
    ];

    private static readonly string[] EnglishThoughts =
    [
        "The user wants a clear answer.", "Let me consider what is being asked.", "There may be more than one reading.",
        "I should stay with the most likely one.", "A short list of points will do.", "Now I can write it down.",
    ];

    private static readonly string[] ChineseThoughts =
    [
        "用户想要一个清楚的回答。", "先想一想问题是什么。", "可能有不止一种理解。",
        "我应该采用最可能的一种。", "列出几点就够了。", "现在可以写下来了。",
    ];

    public static string Opening(string prompt, bool chinese)
    {
        var topic = Topic(prompt);
        return chinese ? $"这是关于“{topic}”的模拟回答。" : $"This is a simulated answer about \"{topic}\".";
    }

    public static string[] Sentences(bool chinese) => chinese ? Chinese : English;

    public static string[] Thoughts(bool chinese) => chinese ? ChineseThoughts : EnglishThoughts;

    private static string Topic(string prompt)
    {
        var text = prompt.AsSpan().Trim();
        if (text.Length > TopicLetters)
        {
            var space = text[..TopicLetters].LastIndexOf(' ');
            text = text[..(space > 0 ? space : TopicLetters)];
            if (char.IsHighSurrogate(text[^1]))
                text = text[..^1];
        }
        return text.ToString().ReplaceLineEndings(" ");
    }
}
