using Orchestration.Gateway.Caching.Semantic;

namespace Orchestration.Gateway.Tests.Caching.Semantic;

public sealed class AnswerGistTests
{
    [Theory]
    [InlineData("You can return a parcel within 30 days.", "you can return a parcel, within 30 days")]
    [InlineData("You can return any parcel within 30 days of delivery, free of charge.", "You can return a parcel within 30 days of delivery, free of charge.")]
    [InlineData("您可以在七天内申请退货，运费由我们承担。", "您可以在七天内申请退货，运费由我们来承担。")]
    [InlineData("1. Open the app\n2. Choose the order", "Open the app\nChoose the order")]
    public void Same_answer_in_other_words_agrees(string left, string right) => Agree(left, right).ShouldBeTrue();

    [Theory]
    [InlineData("You can return a parcel within 30 days.", "You can return a parcel within 14 days.")]
    [InlineData("Yes, you can change the address of the order.", "No, you can not change the address of the order.")]
    [InlineData("可以修改收货地址。", "不可以修改收货地址。")]
    [InlineData("Open the app and choose the order.", "Please call the support line for help with this.")]
    [InlineData("Refunds take a week.", "退款需要一周。")]
    public void Other_answer_does_not_agree(string left, string right) => Agree(left, right).ShouldBeFalse();

    private static bool Agree(string left, string right)
    {
        var agrees = new AnswerGist(left).AgreesWith(new AnswerGist(right));
        new AnswerGist(right).AgreesWith(new AnswerGist(left)).ShouldBe(agrees);
        return agrees;
    }
}
