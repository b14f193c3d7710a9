using Orchestration.Gateway.Caching.Semantic;

namespace Orchestration.Gateway.Tests.Caching.Semantic;

public sealed class QuestionSignsTests
{
    [Theory]
    [InlineData("Cancel order 113542", "Cancel order 732201", "number")]
    [InlineData("Refund $20 please", "Refund $200 please", "number")]
    [InlineData("Does it take 3 days?", "Does it take three weeks?", "number")]
    [InlineData("三天能到账吗", "五天能到账吗", "number")]
    [InlineData("借3天利息", "借3个月利息", "number")]
    [InlineData("Weather in Paris today", "Weather in London today", "name")]
    [InlineData("Is plan A12-33 available?", "Is plan A12-34 available?", "name")]
    [InlineData("怎么绑定QQ", "怎么绑定ATM", "name")]
    [InlineData("《三体》讲什么", "《活着》讲什么", "name")]
    [InlineData("I can log in", "I can't log in", "negation")]
    [InlineData("我收到验证码", "我收不到验证码", "negation")]
    [InlineData("When will my card arrive?", "Where will my card arrive?", "question")]
    [InlineData("什么时候还款", "为什么还款", "question")]
    [InlineData("How much is a transfer?", "How is a transfer made?", "question")]
    [InlineData("Track my order", "查询我的订单", "language")]
    public void What_tells_two_questions_apart_is_found(string asked, string answered, string sign)
    {
        QuestionSigns.Conflict(Read(asked), Read(answered)).ShouldBe(sign);
        QuestionSigns.Conflict(Read(answered), Read(asked)).ShouldBe(sign);
    }

    [Theory]
    [InlineData("How can I cancel order 1,000?", "what do I have to do to cancel order 1000")]
    [InlineData("It takes 3 days", "It takes three days")]
    [InlineData("Does Apple Pay work?", "does apple pay work")]
    [InlineData("I don't have a card", "i do not have a card")]
    [InlineData("三天到账", "3天到账")]
    [InlineData("能不能提前还款", "可以提前还款吗")]
    [InlineData("一般怎么还款", "怎么还款")]
    [InlineData("HOW DO I RESET MY PASSWORD", "how do i reset my password")]
    public void Other_words_for_the_same_do_not_conflict(string asked, string answered) =>
        QuestionSigns.Conflict(Read(asked), Read(answered)).ShouldBeNull();

    private static QuestionText Read(string text) => QuestionText.Read(text).ShouldNotBeNull();
}
