"""What people write in their own words, by families, and what it comes to: each step with its values.

Written before any of it was tried; ``REFUSED`` is what has to be refused rather than guessed at.
"""

CHOOSING = [
    ("What's the cheapest kettle?", "Seek(kettle) Pick(kettle, price) Read(name, price)"),
    ("Which lamp is the most expensive one?", "Seek(lamp) Pick(lamp, price) Read(name, price)"),
    ("Which candle costs the least?", "Seek(candle) Pick(candle, price) Read(name, price)"),
    ("Which book has the best rating?", "Seek(book) Pick(book, rating) Read(name, rating)"),
    ("Which of the clocks is the cheapest?", "Seek(clocks) Pick(clocks, price) Read(name, price)"),
    (
        "Find me the cheapest teapot and put it in my basket.",
        "Seek(teapot) Pick(teapot, price) OpenPick() AddToBasket(1)",
    ),
    ("Open the second product in the list.", "Pick(2) OpenPick()"),
    ("Click on the third search result.", "Pick(3) OpenPick()"),
    ("Go to Books and open the last one.", "GoTo(Books) Pick(-1) OpenPick()"),
    ("open the newest order", "Seek(order) Pick(order, date) OpenPick()"),
    ("Which order is the oldest?", "Seek(order) Pick(order, date) Read(name, date)"),
    ("Which product in Garden is rated lowest?", "GoTo(Garden) Pick(rating) Read(name, rating)"),
    ("Search for lantern and open the cheapest hit", "SearchFor(lantern) Pick(price) OpenPick()"),
    ("Show me the best rated book in Fiction", "GoTo(Fiction) Pick(book, rating) Read(name, rating)"),
    ("What is the second cheapest lamp?", "Seek(lamp) Pick(lamp, price, 2) Read(name, price)"),
    (
        "Find the first book whose title starts with 'The'",
        "Seek(book) Pick(book, 1, name, starts, The) Read(name, price)",
    ),
    ("Find the product with the highest price in Clocks", "GoTo(Clocks) Pick(price) Read(name, price)"),
    ("Look for the dearest lamp in Lighting", "GoTo(Lighting) Pick(lamp, price) Read(name, price)"),
    (
        "open the article with the title 'Night ferry returns'",
        "Pick(title, is, Night ferry returns) OpenPick()",
    ),
    ("Pick the cheapest notebook and tell me its UPC", "Seek(notebook) Pick(notebook, price) Read(UPC)"),
    ("Tell me the most recent news article.", "Seek(news article) Pick(news article, date) Read(name, date)"),
    ("Go to the cheapest product's page", "Pick(price) OpenPick()"),
    ("Which clock do customers like best?", "Seek(clock) Pick(clock, rating) Read(name, rating)"),
]

FORMS = [
    ("Set my name to Ann Lee and save.", "ToOwn(name) Enter(name, Ann Lee) Submit(save)"),
    (
        "Change the e-mail address to ann@x.example and click Save changes.",
        "Enter(e-mail address, ann@x.example) ClickOn(Save changes)",
    ),
    ("Please put Ann Lee in the name field.", "Enter(name, Ann Lee)"),
    (
        "Fill the contact form with name Ann, e-mail ann@x.example and message 'Hi there', then send it.",
        "GoTo(contact form) Enter(name, contact, Ann) Enter(e-mail, contact, ann@x.example) Enter(message, "
        "contact, Hi there) Submit()",
    ),
    (
        "My name is Ann Lee, my e-mail is ann@x.example. Submit the form.",
        "Enter(name, Ann Lee) Enter(e-mail, ann@x.example) Submit()",
    ),
    ("Pick the Team plan.", "Choose(Team plan)"),
    ("Select Sweden from the country list.", "Choose(Sweden, country)"),
    ("Choose the Fleet plan and accept the terms.", "Choose(Fleet plan) ClickOn(accept terms)"),
    ("Turn on storm alerts and turn off the weekly digest.", "Tick(storm alerts) Tick(weekly digest)"),
    ("Switch off the newsletter.", "Tick(newsletter)"),
    ("Uncheck the box for the newsletter", "Tick(newsletter)"),
    ("Untick weekly digest, then save", "Tick(weekly digest) Submit(save)"),
    (
        "Enter 'Fjord-2031' as the password and confirm it.",
        "Enter(password, Fjord-2031) Enter(confirm password, Fjord-2031) Submit(confirm)",
    ),
    ("Write 'Great product' into the comment box and post it.", "Enter(comment, Great product) Submit(post)"),
    (
        "Type hello@x.example in the newsletter field and subscribe.",
        "Enter(newsletter, hello@x.example) ClickOn(subscribe)",
    ),
    ("Reset the form.", "ClickOn(Reset)"),
    ("Cancel.", "ClickOn(Cancel)"),
    ("Edit the phone number.", "ClickOn(Edit, phone number)"),
    ("Click Edit next to Phone", "ClickOn(Edit, Phone)"),
    ("Delete the second address.", "ClickOn(remove, second address)"),
    ("Filter by size 42", "Choose(42, size)"),
    ("Tick sizes 41 and 42 and apply the filters", "Tick(sizes 41 and 42) Submit(apply filters)"),
    ("Choose Red and Green as colours", "Choose(Red and Green, colours)"),
    (
        "Register a new account: e-mail pia@x.example, password Zx81-green.",
        "GoTo(register) Enter(e-mail, register, pia@x.example) Enter(password, register, Zx81-green) "
        "Enter(confirm password, register, Zx81-green) Submit(register)",
    ),
]

LISTS = [
    ("Show me all lamps under £50.", "Seek(lamps) Collect(lamps, price, below, £50)"),
    ("List every product in the Garden category along with its price.", "GoTo(Garden) Collect(name, price)"),
    ("Give me a list of all books with their authors.", "Seek(books) Collect(name, author, books)"),
    ("which products are out of stock?", "Collect(availability, lacks, in stock)"),
    ("What kettles do you have?", "Seek(kettles) Collect(kettles)"),
    ("Get the names and prices of the first ten products.", "Collect(name, price, 1, 10)"),
    ("Give me the five best rated books.", "Seek(books) Collect(books, rating, 5)"),
    (
        "List the three most expensive clocks with their prices.",
        "Seek(clocks) Collect(name, price, clocks, price, 3)",
    ),
    ("How many orders have the status Shipped?", "Seek(orders) Count(orders, status, is, Shipped)"),
    ("Count the orders whose status is Open.", "Seek(orders) Count(orders, status, is, Open)"),
    ("List all orders with status Open", "Seek(orders) Collect(orders, status, is, Open)"),
    ("List the customers and totals of all orders.", "Seek(orders) Collect(customers, totals, orders)"),
    ("List all headings of this page", "Collect(headings, 1)"),
    ("Make a list of the products on this page with name, price and link.", "Collect(name, price, link, 1)"),
    ("Please list all news headlines", "Seek(news) Collect(headline, news)"),
    ("Give me the dates and headlines of the three newest articles.", "Collect(date, headline, date, 3)"),
    ("Extract all products from the first two pages as JSON with name and price.", "Collect(2)"),
    ("I need a list of all candles cheaper than £10.", "Seek(candles) Collect(candles, price, below, £10)"),
    (
        "I want the names of all garden tools over £30",
        "Seek(garden tools) Collect(name, garden tools, price, above, £30)",
    ),
    ("How many candles cost less than £10?", "Seek(candles) Count(candles, price, below, £10)"),
    ("How many reviews does 'Tea pot' have?", "Locate(Tea pot) Read(number of reviews, Tea pot)"),
    ("What is in my basket?", "GoTo(basket) Collect(1, name, price, quantity)"),
    ("List everything in the cart with its quantity", "GoTo(basket) Collect(quantity, 1)"),
    ("Show me the products sorted by price, cheapest first.", "Choose(price, cheapest first, sort) Collect()"),
    ("List all products rated 5 stars", "Collect(rating, is, 5)"),
    (
        "List all lamps between £20 and £40",
        "Seek(lamps) Collect(lamps, price, at least, £20, price, at most, £40)",
    ),
]

VALUES = [
    (
        "What does the Tallis brass storm lantern cost?",
        "Locate(Tallis brass storm lantern) Read(price, Tallis brass storm lantern)",
    ),
    ("how much is the blue teapot", "Locate(blue teapot) Read(price, blue teapot)"),
    ("Give me the price of 'Tea pot', please.", "Locate(Tea pot) Read(price, Tea pot)"),
    (
        "Could you tell me the price and the weight of the Oxbow nickel plant mister?",
        "Locate(Oxbow nickel plant mister) Read(price, weight, Oxbow nickel plant mister)",
    ),
    ("what's the UPC of The Night Garden?", "Locate(Night Garden) Read(UPC, Night Garden)"),
    (
        "Can you check the price of the Hollin walnut knife block for me?",
        "Locate(Hollin walnut knife block) Read(price, Hollin walnut knife block)",
    ),
    ("Open the first product and tell me how heavy it is.", "Pick(1) OpenPick() Read(weight)"),
    ("I'd like to know the author of Supper for Six.", "Locate(Supper for Six) Read(author, Supper for Six)"),
    ("Who wrote The Night Garden?", "Locate(Night Garden) Read(author, Night Garden)"),
    ("When was the newest article published?", "Pick(date) Read(date)"),
    ("Tell me the title of this page.", "Read(page title)"),
    ("What's the first paragraph on this page?", "Read(first paragraph)"),
    (
        "Go to the contact page and give me the phone number and the e-mail address.",
        "GoTo(contact) Read(phone number, e-mail address)",
    ),
    ("Find out the opening hours.", "Read(opening hours)"),
    ("What is the SKU for the 'Tea pot'?", "Locate(Tea pot) Read(SKU, Tea pot)"),
    ("Show me the description of 'Tea pot'.", "Locate(Tea pot) Read(description, Tea pot)"),
    ("Open 'Tea pot' and read me its description", "GoTo(Tea pot) Read(description)"),
    ("What rating does 'Tea pot' have?", "Locate(Tea pot) Read(rating, Tea pot)"),
    ("How is the 'Tea pot' rated?", "Locate(Tea pot) Read(rating, Tea pot)"),
    ("How many stars does the Tea pot have?", "Locate(Tea pot) Read(rating, Tea pot)"),
    ("What's the total of my basket?", "GoTo(basket) Read(total)"),
    ("what does the error message say", "Read(message)"),
    ("Tell me the shipping costs shown in the basket.", "GoTo(basket) Read(shipping costs)"),
    ("Tell me the name, price and rating of the third product.", "Pick(3) Read(name, price, rating)"),
    ("What's the name of the most expensive lamp?", "Seek(lamp) Pick(lamp, price) Read(name)"),
    ("Read out the heading of the page.", "Read(page heading)"),
    ("On which date was order 10425 placed?", "Locate(order 10425) Read(date, order 10425)"),
    (
        "Give me the title, the author and the date of the newest article as JSON.",
        "Pick(date) Read(title, author, date)",
    ),
]

SHOPPING = [
    ("Add two of these to my basket.", "AddToBasket(2)"),
    ("Put the cheapest candle in the cart", "Seek(candle) Pick(candle, price) OpenPick() AddToBasket(1)"),
    (
        "Add 'Tea pot' and 'Milk jug' to the basket.",
        "Locate(Tea pot) AddToBasket(1) Locate(Milk jug) AddToBasket(1)",
    ),
    ("add 4x Hollin cream tealight holder to cart", "Locate(Hollin cream tealight holder) AddToBasket(4)"),
    ("Take the teapot out of the basket", "GoTo(basket) ClickOn(remove, teapot)"),
    ("Remove the Tea pot from my cart", "GoTo(basket) ClickOn(remove, Tea pot)"),
    ("Set the quantity to 2 and update the basket", "Enter(quantity, 2) Submit(update basket)"),
    ("Go to my cart and proceed to checkout.", "GoTo(basket) GoTo(checkout)"),
    ("Do you have any kettles?", "Seek(kettles) Count(kettles)"),
    ("Is there a kettle under £20?", "Seek(kettle) Count(kettle, price, below, £20)"),
    ("Is the 'Tea pot' in stock?", "Locate(Tea pot) Read(availability, Tea pot, availability, is, in stock)"),
    ("Is the Tea pot sold out?", "Locate(Tea pot) Read(availability, Tea pot, availability, lacks, in stock)"),
    ("Does the Tea pot cost more than £10?", "Locate(Tea pot) Read(price, Tea pot, price, above, £10)"),
    ("Is the Tea pot cheaper than £20?", "Locate(Tea pot) Read(price, Tea pot, price, below, £20)"),
    ("Do you sell lamps?", "Seek(lamps) Count(lamps)"),
    (
        "Tell me if the Tea pot is available.",
        "Locate(Tea pot) Read(availability, Tea pot, availability, is, in stock)",
    ),
    ("Let me know whether there are any candles under £5.", "Seek(candles) Count(candles, price, below, £5)"),
    ("Look for 'walnut'", "SearchFor(walnut) Found(walnut)"),
    (
        "Find the Tallis brass storm lantern",
        "SearchFor(Tallis brass storm lantern) Found(Tallis brass storm lantern)",
    ),
    ("Find lanterns and tell me how many there are", "SearchFor(lanterns) Count()"),
    (
        "Search the shop for a teapot, open it, and add it to my basket twice",
        "SearchFor(teapot) Pick(1) OpenPick() AddToBasket(2)",
    ),
    (
        "Put a Tea pot into my shopping bag and tell me the total, cheers",
        "Locate(Tea pot) AddToBasket(1) GoTo(basket) Read(total)",
    ),
    ("What's the name of this shop?", "Read(site name)"),
]

GETTING_ABOUT = [
    ("go to the settings", "GoTo(settings)"),
    ("Take me to the news page.", "GoTo(news)"),
    ("Open the Help page, please", "GoTo(Help)"),
    ("Navigate to Settings and tell me the heading.", "GoTo(Settings) Read(heading)"),
    ("Use the search box to find 'zipfile'.", "SearchFor(zipfile) Found(zipfile)"),
    (
        "Use the search to look up datetime, then open the first result",
        "SearchFor(datetime) Pick(1) OpenPick()",
    ),
    ("Go to the next page and list the headings.", "ClickOn(next page) Collect(headings)"),
    ("Go to the second page of the orders.", "GoTo(orders) TurnTo(2)"),
    ("Click the button 'Apply filters'.", "ClickOn(Apply filters)"),
    ("Click on 'Write a review'", "ClickOn(Write a review)"),
    ("Scroll to the bottom of the page.", "ScrollPage(100.0)"),
    ("Press the Escape key.", "PressKey(Escape)"),
    ("What does the glossary say about 'iterator'?", "GoTo(glossary) Locate(iterator) Read(meaning, iterator)"),
    ("What is meant by 'coroutine'?", "Locate(coroutine) Read(meaning, coroutine)"),
    ("Define 'decorator'.", "Locate(decorator) Read(meaning, decorator)"),
    ("What does GIL mean?", "Locate(GIL) Read(meaning, GIL)"),
    ("How big is the PDF download?", "Locate(PDF download) Read(size, PDF download)"),
    ("Download the EPUB.", "Fetch(EPUB)"),
    ("Go back to the previous page", "GoBack()"),
    ("Wait until the page has loaded and take a screenshot.", "WaitFor() Capture()"),
    ("Log me in as bob with password 's3cret'.", "LogIn(bob, s3cret)"),
    ("Log out.", "ClickOn(log out)"),
    (
        "Sign in with user name bob and password s3cret, then go to my orders.",
        "LogIn(bob, s3cret) GoTo(orders)",
    ),
    ("Cancel order 10425", "ClickOn(Cancel, 10425)"),
    ("Mark the first message as read", "ClickOn(Mark as read, first message)"),
    ("Archive the message from Bob.", "ClickOn(Archive, message from Bob)"),
    ("Print this page", "ClickOn(Print)"),
    ("How many results are there for 'zipfile'?", "SearchFor(zipfile) Count()"),
]

LONGER = [
    (
        "Buy 3 x Tallis brass pencil sharpener - just put them in the basket, don't check out",
        "Locate(Tallis brass pencil sharpener) AddToBasket(3)",
    ),
    (
        "Open the book 'Supper for Six' and click on Write a review. Title: Great for winter. Score 5. Body: "
        "Every recipe worked. Name: Nora Flint. Email: nora@flint.example. Then save the review.",
        "Locate(Supper for Six) ClickOn(Write a review) Enter(Title, Great for winter) Enter(Score, 5) "
        "Enter(Body, Every recipe worked.) Enter(Name, Nora Flint) Enter(Email, nora@flint.example) "
        "Submit(save review)",
    ),
    (
        "Sign me up at this shop with the e-mail pia.holm@mail.example and the password Winter-lake-77.",
        "GoTo(register) Enter(e-mail, register, pia.holm@mail.example) Enter(password, register, Winter-"
        "lake-77) Enter(confirm password, register, Winter-lake-77) Submit(register)",
    ),
    (
        "Log in as reader@shop.example with password lantern-lane-42, then fill in the new address: first "
        "name Robin, last name Reader, first line of address 12 Mill Lane, city Leeds, postcode LS1 4AP, "
        "country United Kingdom. Save it.",
        "LogIn(reader@shop.example, lantern-lane-42) GoTo(new address) Enter(first name, new address, Robin) "
        "Enter(last name, new address, Reader) Enter(first line of address, new address, 12 Mill Lane) "
        "Enter(city, new address, Leeds) Enter(postcode, new address, LS1 4AP) Enter(country, new address, "
        "United Kingdom) Submit(Save)",
    ),
    ("Use the quick search to look for zipfile", "SearchFor(zipfile) Found(zipfile)"),
    ("Use the menu to open the settings page", "GoTo(settings)"),
    (
        "Please create an account for Tom Byrne. His email is tom@byrne.example, he lives in Ireland, the "
        "password should be clover-leaf-9 and he wants the Team plan. Accept the terms, and yes to the "
        "newsletter.",
        "GoTo(register) Enter(name, register, Tom Byrne) Enter(email, register, tom@byrne.example) Choose(Ireland) "
        "Enter(password, register, clover-leaf-9) Choose(Team, plan) ClickOn(Accept terms) Tick(newsletter) "
        "Enter(confirm password, register, clover-leaf-9) Submit(register)",
    ),
    (
        "Switch the language to Dutch, turn off the weekly digest and save the changes.",
        "Enter(language, Dutch) Tick(weekly digest) Submit(save changes)",
    ),
    (
        "Select Red and Blue under colours, tick size 42, click Apply filters and list the shoes with their prices.",
        "Choose(Red and Blue, colours) Tick(size 42) ClickOn(Apply filters) Collect(name, price, shoes)",
    ),
    ("Cancel order 10499.", "ClickOn(Cancel, 10499)"),
    ("Enter Ann as name, thanks", "Enter(name, Ann)"),
    ("Change the quantity to 3, cheers", "Enter(quantity, 3) Keep()"),
    ("List the products, thanks!", "Collect()"),
    (
        "could you please find me the most expensive item in the Clocks category and tell me its name and "
        "price, thanks",
        "GoTo(Clocks) Pick(price) Read(name, price)",
    ),
    ("Edit the comment by 'Ann Lee'", "ClickOn(Edit, Ann Lee)"),
    ("Mark the message from 'Bob' as read", "ClickOn(Mark as read, Bob)"),
    (
        "Log in with the e-mail reader@shop.example and the password lantern-lane-42 and tell me the name "
        "that is shown on my profile page.",
        "LogIn(reader@shop.example, lantern-lane-42) GoTo(profile) Read(name)",
    ),
    (
        "Go to the Books department and give me a list of every book with its price",
        "GoTo(Books) Collect(name, price, book)",
    ),
    (
        "I need the UPC of the Quillan ash garden fork. What is it?",
        "Locate(Quillan ash garden fork) Read(UPC, Quillan ash garden fork)",
    ),
    (
        "Which book about travel and history do customers rate highest?",
        "GoTo(travel and history) Pick(book, rating) Read(name, rating)",
    ),
    (
        "In the Garden category, find the first product that has 'hose' in its name and add it to the cart.",
        "GoTo(Garden) Pick(1, name, contains, hose) OpenPick() AddToBasket(1)",
    ),
    (
        "Look up the Oxbow nickel plant mister and give me its maker, finish and weight as JSON",
        "SearchFor(Oxbow nickel plant mister) Read(maker, finish, weight, Oxbow nickel plant mister)",
    ),
    (
        "give me name + price of everything in Candles under 18 pounds",
        "GoTo(Candles) Collect(name, price, price, below, 18 pounds)",
    ),
    (
        "Tell me whether the Hollin walnut knife block is in stock.",
        "Locate(Hollin walnut knife block) Read(availability, Hollin walnut knife block, availability, is, in stock)",
    ),
    ("Click next and tell me the heading of the page you land on.", "ClickOn(next) Read(heading)"),
    ("I want to know how big the EPUB download is.", "Locate(EPUB download) Read(size, EPUB download)"),
    (
        "Extract the table of functions under 'Averages and measures of central location' as JSON",
        "Seek(functions) Collect(functions, Averages and measures of central location)",
    ),
    (
        "What does the glossary say about 'decorator'?",
        "GoTo(glossary) Locate(decorator) Read(meaning, decorator)",
    ),
    (
        "Which order has the highest total? Just give me the order number.",
        "Seek(order) Pick(order, total) Read(name, total) Read(order number)",
    ),
    (
        "Get all orders with status Open from the table, with order number, customer and total, as JSON.",
        "Seek(orders) Collect(name, order number, customer, total, orders, status, is, Open)",
    ),
    (
        "Give me the headlines and dates of all news articles",
        "Seek(news articles) Collect(headline, date, news articles)",
    ),
    ("open the newest article and tell me who wrote it", "Pick(date) OpenPick() Read(author)"),
    ("List the links", "Collect(links)"),
    ("List the headings", "Collect(headings)"),
    ("is there a kettle under £30?", "Seek(kettle) Count(kettle, price, below, £30)"),
    ("Does the 'Tea pot' cost less than £20?", "Locate(Tea pot) Read(price, Tea pot, price, below, £20)"),
    ("Find the blue teapot", "SearchFor(blue teapot) Found(blue teapot)"),
    ("how many lamps do you sell", "Seek(lamps) Count(lamps)"),
    ("What is the name of the shop?", "Read(site name)"),
    ("tell me the number of results", "Count()"),
]

REFUSED = [
    "Which customer placed the biggest order?",
    "I'm looking for the cheapest garden hose, what does it cost?",
    "Which is cheaper, the brass lantern or the steel one?",
    "Which shoe in size 42 is the cheapest?",
    "Which articles were published in November?",
    "Make the time zone Europe/Dublin",
    "Sign me up for the newsletter with ann@x.example.",
    "Leave a review with the title 'Nice' and 5 stars.",
    "Show all orders from customer Halden Books.",
    "Export the table of orders as JSON",
    "Buy the Tea pot",
    "Buy the Tea pot and pay with my card",
    "Pay by bank transfer",
    "Pay with the payment token pt_live_x in two instalments",
    "Log in with the stored log-in of my brother",
    "Log in with the stored log-in and 'x' as the password",
    "Empty my basket",
    "Change the quantity of the Tea pot in the basket to 3",
    "Are there any books by Ann Lee?",
    "Can I buy the Tea pot in blue?",
    "Use the filter to show only red shoes",
    "Search for 'tea' in the attic",
    "Look for lamps in the sale",
    "Which one is cheaper: 'Tea pot' or 'Tin pot'?",
    "Enter 'Ann' as name. I want the price of the 'Tea pot'.",
    "Use the coupon SAVE10 to get a discount",
    "Her name is Ann Lee, and he should juggle.",
    "I need the longest and the shortest bridge of the valley, each with its length.",
    "If its state is open, juggle it.",
    "Open Books. Don't change anything but the phone number to 555.",
    "Open Books. Leave everything else, and juggle it, as it is.",
    "What is the price of the lamp, and does it have a plug?",
    "If the moon is full, open Books instead.",
    "Otherwise open Books.",
    "Ann is on leave. Open Books.",
    "Put these into my cart:\n- Tea pot\n- juggle it",
]

#: Of what a later set of tasks was refused for, or was wrong in.
LATER = [
    ("Look up 'decorator' in the glossary and tell me what it says",
     "GoTo(glossary) Locate(decorator) Read(meaning, decorator)"),
    ("Search for 'tea' in the documentation", "SearchFor(tea)"),
    ("What does json.dumps do?", "Locate(json.dumps) Read(meaning, json.dumps)"),
    ("Filter by Red and size 42", "Choose(Red) Choose(42, size)"),
    ("Filter by brand Marks & Spencer", "Choose(Marks & Spencer, brand)"),
    ("Enter 'Ann' as name and 'a@x.example' as e-mail", "Enter(name, Ann) Enter(e-mail, a@x.example)"),
    ("Put two brass lamps into my basket", "Locate(brass lamp) AddToBasket(2)"),
    ("Put 3 brass lamps into my basket", "Locate(brass lamp) AddToBasket(3)"),
    ("Put 2 Minute Noodles into my basket", "Locate(2 Minute Noodles) AddToBasket(1)"),
    ("Put Twelve Angry Men into my basket", "Locate(Twelve Angry Men) AddToBasket(1)"),
    ("Add 'Tea pot' to my cart, then take it out again",
     "Locate(Tea pot) AddToBasket(1) GoTo(basket) ClickOn(remove)"),
    ("Create an account. My e-mail is a@x.example and the password should be Zx81-green",
     "GoTo(register) Enter(e-mail, register, a@x.example) Enter(password, register, Zx81-green) "
     "Enter(confirm password, register, Zx81-green) Submit(register)"),
    ("Sign me up. Name: Otto. I want the Team plan and I agree to the terms.",
     "GoTo(register) Enter(Name, register, Otto) Choose(Team, plan) Tick(terms) Submit(register)"),
    ("Write a review for the brass lamp: title 'Good', score 4. Then save it.",
     "Locate(brass lamp) GoTo(write review) Enter(title, Good) Enter(score, 4) Submit(save)"),
    ("Who wrote Fruit in Jars and how many pages does it have?",
     "Locate(Fruit in Jars) Read(author, Fruit in Jars) Read(pages, Fruit in Jars)"),
    ("Who wrote the article about the sea pool?", "Locate(sea pool) Read(author, sea pool)"),
    ("Who placed order 77 and what was the total?",
     "Locate(order 77) Read(customer, order 77) Read(total, order 77)"),
    ("How many orders did Harbour Inn place?", "Seek(orders) Count(orders, customer, is, Harbour Inn)"),
    ("What name is on my profile?", "GoTo(profile) Read(my name)"),
    ("List everything in the Garden department that costs less than £20, with the price of each",
     "GoTo(Garden) Collect(name, price, price, below, £20)"),
    ("Show me the 5 cheapest items in Pens and pencils as JSON, title and price only",
     "GoTo(Pens and pencils) Collect(title, price, price, 5)"),
    ("Show 50 entries per page", "Enter(entries per, 50)"),
    ("Open the page about the json module", "GoTo(json module)"),
]  # fmt: skip

#: Of what a set of tasks on whole applications was refused for.
APPLICATIONS = [
    ("Open Books. My log-in for the library is saved as ann.", "LogIn(ann) GoTo(Books)"),
    ("Use the saved log-in ann and open Books.", "LogIn(ann) GoTo(Books)"),
    ("With the stored log-in 'team lead', delete the page 'Old news'.",
     "LogIn(team lead) Locate(Old news) ClickOn(remove) Keep()"),
    ("Create a new task (saved log-in: ann).\nTitle: Mend the gate\nChange note: It squeaks.",
     "LogIn(ann) MakeNew(task) Enter(Title, Mend the gate) Enter(note, It squeaks.) Keep()"),
    ("Create a new task. Title: Mend the gate. Click Preview.",
     "MakeNew(task) Enter(Title, Mend the gate) ClickOn(Preview)"),
    ("Open a new project", "MakeNew(project)"),
    ("Hello there, could you open Books? Don't change anything else, please.", "GoTo(Books)"),
    ("Set my phone number to 555 and leave everything else as it is.",
     "ToOwn(phone number) Enter(phone number, 555) Keep()"),
    ("Change my phone number to 555 and leave the name as it is.",
     "ToOwn(phone number) Enter(phone number, 555) Keep()"),
    ("Open Books. Nothing needs to be ordered.", "GoTo(Books)"),
    ("Her name is now Ann Lee, her phone is 555, and she should have the rights Read and Print.",
     "Enter(name, Ann Lee) Enter(phone, 555) Tick(Read) Tick(Print) Keep()"),
    ("When was the brown horse last shod?", "Locate(brown horse) Read(last shod, brown horse)"),
    ("Tell me when the lift was inspected.", "Locate(lift) Read(inspected, lift)"),
    ("Who is working on the task 'Gate'?", "Locate(Gate) Read(assigned to, Gate)"),
    ("Where does the Summer Ball take place?", "Locate(Summer Ball) Read(place, Summer Ball)"),
    ("How much is the tea pot, and is it available?",
     "Locate(tea pot) Read(price, tea pot) Read(availability, tea pot, availability, is, in stock)"),
    ("Assign all tasks of ann that aren't done to ben.",
     "Seek(tasks) Gather(tasks, is not, done, is, ann) Each(assigned to, ben)"),
    ("Who is the trainer of 'Blue Team'?", "Locate(Blue Team) Read(trainer, Blue Team)"),
    ("Write me a list of all tasks that aren't done yet: title, deadline and who they are assigned to.",
     "Seek(tasks) Collect(title, deadline, assigned to, tasks, is not, done)"),
    ("sign me up: login name otto, password Zx81-green, mail otto@x.example",
     "GoTo(register) Enter(login name, register, otto) Enter(password, register, Zx81-green) "
     "Enter(mail, register, otto@x.example) Enter(confirm password, register, Zx81-green) Submit(register)"),
    ("Give the 'Tea pot' five stars. Headline: 'Good'.",
     "Locate(Tea pot) GoTo(write review) Enter(score, 5) Enter(Headline, Good) Keep()"),
    ("Order two of the 'Tea pot' without registering. My mail address is a@x.example.",
     "Locate(Tea pot) AddToBasket(2) GoTo(basket) GoTo(checkout) Choose(guest) Enter(mail address, a@x.example) "
     "Submit(continue)"),
    ("Put these into my cart:\n* 2 x Green tea\n* 3 pieces of 'Tea pot'\nThen tell me what they come to.",
     "Locate(Green tea) AddToBasket(2) Locate(Tea pot) AddToBasket(3) GoTo(basket) Read(total)"),
    ("Fill in the following:\n- Name: Ann\n- Town: Leeds", "Enter(Name, Ann) Enter(Town, Leeds)"),
    ("Hand all tasks that are assigned to ann over to ben.",
     "Seek(tasks) Gather(tasks, assigned to, is, ann) Each(assigned to, ben)"),
    ("Look at the task 'Gate'. If its state is still open, assign it to ben, otherwise add the note 'Seen'.",
     "Locate(Gate) When(state, is, open, assigned to, ben, note, note, Seen)"),
    ("Put the 'Tea pot' into my cart. If it can't be had right now, put 'Tin pot' into my cart instead.",
     "Locate(Tea pot) When(availability, lacks, in stock, Tin pot, 1, 1)"),
]  # fmt: skip

FAMILIES = {
    "applications": APPLICATIONS,
    "later": LATER,
    "choosing": CHOOSING,
    "forms": FORMS,
    "lists": LISTS,
    "values": VALUES,
    "shopping": SHOPPING,
    "getting about": GETTING_ABOUT,
    "longer": LONGER,
}
